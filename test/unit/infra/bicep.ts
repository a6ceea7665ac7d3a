import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** The Bicep CLI, as far as it is used here. Nothing is restored: no registry is asked. */
export interface Bicep {
  /** Builds and lints a template with all that it includes. */
  build(template: URL): Promise<BuiltTemplate>;
  /** What a deployment by a file of parameters would make. */
  predict(parameters: URL): Promise<PredictedResource[]>;
}

export interface BuiltTemplate {
  /** As it is sent to Azure, in JSON. */
  text: string;
  /** Errors and warnings; empty where there are none. */
  messages: string;
}

export interface PredictedResource {
  id: string;
  type: string;
  /** An expression in square brackets where only a deployment knows it. */
  name: string;
  apiVersion: string;
  /** There where it hangs on what only a deployment knows, such as a secret. */
  condition?: string;
  properties?: unknown;
}

const root = fileURLToPath(new URL('../../../', import.meta.url));
// A busy machine takes half a minute; what hangs has an end.
const run = (command: string, args: string[]) =>
  promisify(execFile)(command, args, { cwd: root, timeout: 240_000 });

/** Deployments are predicted for these, so that names and ids are always the same. */
const place = [
  ...['--tenant-id', '44444444-4444-4444-4444-444444444444'],
  ...['--subscription-id', '55555555-5555-5555-5555-555555555555'],
  ...['--location', 'westeurope'],
];

/** The one on the PATH, else the one of .ci/bicep where NuGet has restored it before. */
export async function findBicep(): Promise<Bicep | undefined> {
  const project = await readFile(join(root, '.ci/bicep/bicep.csproj'), 'utf8');
  const [, version = ''] = / Version="\[(.+)\]"/.exec(project) ?? [];
  const packages = process.env['NUGET_PACKAGES'] ?? join(homedir(), '.nuget/packages');
  const restored = `azure.bicep.commandline.linux-x64/${version}/tools/bicep`;
  for (const command of ['bicep', join(packages, restored)]) {
    const isThere = await run(command, ['--version']).then(Boolean, () => false);
    if (isThere) return createBicep(command);
  }
  return undefined;
}

function createBicep(command: string): Bicep {
  return {
    async build(template) {
      const folder = await mkdtemp(join(tmpdir(), 'bicep-'));
      try {
        // To a file: a large template does not fit into what is read of a process.
        const outfile = join(folder, 'template.json');
        const args = ['build', fileURLToPath(template), '--no-restore', '--outfile', outfile];
        const { stderr } = await run(command, args);
        return { text: await readFile(outfile, 'utf8'), messages: stderr };
      } finally {
        await rm(folder, { recursive: true });
      }
    },
    async predict(parameters) {
      const path = fileURLToPath(parameters);
      const snapshot = path.replace(/\.bicepparam$/, '.snapshot.json');
      try {
        await run(command, ['snapshot', path, '--mode', 'overwrite', ...place]);
        return JSON.parse(await readFile(snapshot, 'utf8')).predictedResources;
      } finally {
        await rm(snapshot, { force: true });
      }
    },
  };
}
