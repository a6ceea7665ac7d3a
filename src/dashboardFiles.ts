import { readdir, readFile } from 'node:fs/promises';

/** By name: a page, its assets, and each compressed, with `.br` or `.gz` after its name. */
export type DashboardFiles = ReadonlyMap<string, Uint8Array>;

let files: Promise<DashboardFiles> | undefined;

/** Read once for the process, also where a first attempt failed. */
export function readDashboard(): Promise<DashboardFiles> {
  files ??= (import.meta.url.endsWith('.ts') ? build() : readBuilt()).catch((error: unknown) => {
    files = undefined;
    throw error;
  });
  return files;
}

/** Built by `npm run build`, and part of the deployment package, at the same place from here. */
async function readBuilt(): Promise<DashboardFiles> {
  const folder = new URL('./dashboard/', import.meta.url);
  const names = await readdir(folder);
  const read = names.map(async (name) => [name, await readFile(new URL(name, folder))] as const);
  return new Map(await Promise.all(read));
}

/** From its sources, where this is one: the address is computed, as no build has what it names. */
async function build(): Promise<DashboardFiles> {
  const script: { buildDashboard(): Promise<DashboardFiles> } = await import(
    new URL('../scripts/dashboard.ts', import.meta.url).href
  );
  return script.buildDashboard();
}
