import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../../../scripts/installedPackages.ts';

interface Launch {
  name: string;
  program?: string;
  runtimeExecutable?: string;
}
const { configurations }: { configurations: Launch[] } = JSON.parse(
  readFileSync(join(root, '.vscode/launch.json'), 'utf8'),
);

describe('What F5 starts', () => {
  it.each(configurations.filter(({ program }) => program))('is there: $name', (launch) => {
    const [program = '', executable = ''] = [launch.program, launch.runtimeExecutable].map((path) =>
      path?.replace(/^\$\{workspaceFolder\}/, root),
    );
    expect(existsSync(program)).toBe(true);
    expect(existsSync(executable) || existsSync(`${executable}.exe`)).toBe(true);
  });

  it('has the names by which CONTRIBUTING.md tells of it', () => {
    const text = readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8');
    const missing = configurations.filter(({ name }) => !text.includes(`*${name}*`));
    expect(missing.map(({ name }) => name)).toEqual([]);
  });
});

it('CONTRIBUTING.md names files and scripts that there are', () => {
  const text = readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8');
  const paths = [...text.matchAll(/`((?:src|test|infra|scripts|bench)\/[\w./-]+)`/g)];
  expect(paths.length).toBeGreaterThan(10);
  const missing = paths
    .map(([, path = '']) => path)
    .filter((path) => !existsSync(join(root, path)));
  expect(missing).toEqual([]);
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const used = [...text.matchAll(/npm run ([\w:-]+)/g)].map(([, name = '']) => name);
  expect(used.filter((name) => !(name in scripts))).toEqual([]);
});
