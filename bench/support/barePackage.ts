import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';
import { bundle, importFunctions, outputFolder } from '../../scripts/deploymentPackage.ts';
import { root } from '../../scripts/installedPackages.ts';

/** By name of the package, as it is imported. */
type Members = Map<string, Set<string>>;

/**
 * Makes a package that does nothing but load what the functions load from other packages until they
 * are registered: what they load later is not in it, and of each package it takes the same members.
 *
 * @param deployed the deployment package
 * @returns the names of the loaded packages
 */
export async function makeBarePackage(folder: string, deployed: string): Promise<string[]> {
  const functions = await bundle(importFunctions());
  const members: Members = new Map();
  for (const source of listLoadedSources(functions.metafile)) addMembers(source, members);
  // Members that are types do not exist in the bundle, of which esbuild would warn.
  const { outputFiles } = await bundle(entryOf(members), { logLevel: 'error' });
  mkdirSync(folder);
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
  for (const { path, text } of outputFiles) write(path.slice(outputFolder.length + 1), text);
  for (const name of ['main.js', 'package.json']) {
    write(name, readFileSync(join(deployed, name), 'utf8'));
  }
  return [...members.keys()].toSorted();
}

/** Our own files in the bundles that are loaded with the first, and not by `import()` later. */
function listLoadedSources({ outputs }: Metafile): string[] {
  const loaded = new Set(Object.keys(outputs).filter((path) => path.endsWith('/functions.js')));
  for (const path of loaded) {
    for (const { kind, path: imported } of outputs[path]?.imports ?? []) {
      if (kind === 'import-statement' && imported in outputs) loaded.add(imported);
    }
  }
  const inputs = [...loaded].flatMap((path) => Object.keys(outputs[path]?.inputs ?? {}));
  return inputs.filter((path) => path.startsWith('src/'));
}

/** Adds what a source imports of other packages: `{ a, type B }`, `* as c` with `c.d`, or `E`. */
function addMembers(path: string, members: Members): void {
  const text = readFileSync(join(root, path), 'utf8');
  for (const [, what = '', name = ''] of text.matchAll(
    /^import (?!type )([^;]*?) from '((?!\.|node:)[^']+)'/gm,
  )) {
    const [, namespace] = /^\* as (\w+)$/.exec(what) ?? [];
    const [, list = namespace ? '' : 'default'] = /^\{(.*)\}$/s.exec(what) ?? [];
    const used = namespace
      ? [...text.matchAll(new RegExp(`\\b${namespace}\\.(\\w+)`, 'g'))].map(([, used]) => used)
      : list.split(',').map((item) => item.trim().split(' as ')[0]);
    const values = used.filter((used) => used && !used.startsWith('type '));
    members.set(name, (members.get(name) ?? new Set()).union(new Set(values as string[])));
  }
}

/** What is exported is kept in the bundle. */
function entryOf(members: Members): string {
  return [...members]
    .map(([name, used], index) => {
      const list = [...used].map((member) => `p${index}.${member}`);
      return `import * as p${index} from '${name}';\nexport const used${index} = [${list}];\n`;
    })
    .join('');
}
