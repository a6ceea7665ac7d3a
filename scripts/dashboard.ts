import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { build, type Metafile } from 'esbuild';
import { root } from './installedPackages.ts';

/** Makes the page of src/dashboard: one document, script and style, each also compressed. */

const source = join(root, 'src/dashboard');

/** As the page needs it: JSON.parse with the source of numbers. */
const browsers = ['chrome114', 'edge114', 'firefox135', 'safari18.4'];

export async function bundleDashboard(): Promise<{
  files: Map<string, Uint8Array>;
  metafile: Metafile;
}> {
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints: { page: join(source, 'main.tsx'), style: join(source, 'style.css') },
    tsconfig: join(source, 'tsconfig.json'),
    outdir: join(root, 'dist/dashboard'),
    entryNames: '[name]-[hash]',
    write: false,
    metafile: true,
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: browsers,
    legalComments: 'none',
    logLevel: 'warning',
  });
  const files = new Map<string, Uint8Array>();
  for (const { path, contents } of outputFiles) add(files, basename(path), contents);
  const nameOf = (ending: string) => [...files.keys()].find((name) => name.endsWith(ending)) ?? '';
  const page = readFileSync(join(source, 'index.html'), 'utf8')
    .replace('{script}', nameOf('.js'))
    .replace('{style}', nameOf('.css'));
  add(files, 'index.html', Buffer.from(page));
  return { files, metafile };
}

export async function buildDashboard(): Promise<Map<string, Uint8Array>> {
  const { files } = await bundleDashboard();
  return files;
}

function add(files: Map<string, Uint8Array>, name: string, content: Uint8Array): void {
  files.set(name, content);
  files.set(`${name}.gz`, gzipSync(content, { level: 9 }));
  const params = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY };
  files.set(`${name}.br`, brotliCompressSync(content, { params }));
}

export function writeDashboard(files: ReadonlyMap<string, Uint8Array>, folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, content] of files) writeFileSync(join(folder, name), content);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeDashboard(await buildDashboard(), join(root, 'dist/dashboard'));
}
