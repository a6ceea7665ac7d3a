import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, type LogLevel, type Metafile } from 'esbuild';
import { bundleDashboard, writeDashboard } from './dashboard.ts';
import { listDevelopmentPackages, readLicense, root } from './installedPackages.ts';

/**
 * Makes the folder that is deployed, of the same bytes each time: functions and the packages they
 * need in a few files, of which those of the Azure SDKs are loaded by the first that needs them.
 */
export async function makeDeploymentPackage(folder: string): Promise<void> {
  const { outputFiles, metafile } = await bundle(importFunctions());
  const dashboard = await bundleDashboard();
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
  for (const { path, text } of outputFiles) write(path.slice(outputFolder.length + 1), text);
  write('main.js', main);
  write('package.json', `${JSON.stringify(describePackage(), null, 2)}\n`);
  write('host.json', readFileSync(join(root, 'host.json'), 'utf8'));
  write('licenses.txt', describeLicenses([metafile, dashboard.metafile]));
  writeDashboard(dashboard.files, join(folder, 'dashboard'));
}

/** Source maps name the sources as seen from here, wherever the folder is written. */
export const outputFolder = join(root, 'package');

const { name, version, license, engines } = JSON.parse(
  readFileSync(join(root, 'package.json'), 'utf8'),
) as { name: string; version: string; license: string; engines: { node: string } };

/** No dependencies and no scripts: a build in Azure has nothing to install and nothing to run. */
function describePackage() {
  return { name, version, private: true, license, type: 'module', main: 'main.js', engines };
}

/**
 * Stack traces name the sources, but only those of files that are loaded after this. The argument
 * `--enable-source-maps` would need `languageWorkers__node__arguments`, with which the host cannot
 * use the worker it has started in advance (azure-functions-host #11535).
 */
const main = `import { setSourceMapsSupport } from 'node:module';
setSourceMapsSupport(true);
await import('./functions.js');
`;

/** Packages that are no ES modules load Node.js's own modules by `require`. */
const banner =
  "import { createRequire as createRequireOfBundle } from 'node:module'; " +
  'const require = createRequireOfBundle(import.meta.url);';

/** An entry that registers every function. */
export function importFunctions(): string {
  const files = readdirSync(join(root, 'src/functions')).toSorted();
  return files.map((file) => `import './src/functions/${file}';\n`).join('');
}

/**
 * Bundles an entry as the deployment package is.
 *
 * @param contents its source, as if it stood in the project's folder
 */
export function bundle(contents: string, { logLevel = 'warning' }: { logLevel?: LogLevel } = {}) {
  return build({
    absWorkingDir: root,
    stdin: { contents, sourcefile: 'functions.ts', resolveDir: root },
    outdir: outputFolder,
    entryNames: 'functions',
    chunkNames: '[name]-[hash]',
    write: false,
    metafile: true,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: engines.node.replace('>=', 'node'),
    // The core is the worker's. What only development installs is missing where it is left out: a
    // package that would use it when it finds it (debug: supports-color) does not find it in Azure.
    external: ['@azure/functions-core', ...listDevelopmentPackages()],
    banner: { js: banner },
    // Names of classes are those of errors in events.
    keepNames: true,
    sourcemap: true,
    sourcesContent: false,
    legalComments: 'eof',
    logLevel,
  });
}

function describeLicenses(metafiles: readonly Metafile[]): string {
  const inputs = metafiles.flatMap((metafile) => Object.keys(metafile.inputs));
  const places = inputs.flatMap(
    (input) => /node_modules\/(?:.*\/node_modules\/)?(?:@[^/]+\/)?[^/]+/.exec(input)?.[0] ?? [],
  );
  const licenses = [...new Set(places)].toSorted().map(readLicense);
  const head = 'The bundle holds code of these packages.';
  return `${[head, ...licenses].join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
}
