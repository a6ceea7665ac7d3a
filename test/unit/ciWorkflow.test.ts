import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const root = new URL('../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), 'utf8');
const workflow = read('.github/workflows/ci.yml');

/** The first group of each match. */
const listMatches = (text: string, pattern: RegExp) =>
  [...text.matchAll(pattern)].map(([, group = '']) => group);

describe('The CI workflow', () => {
  it('runs scripts that there are', () => {
    const used = listMatches(workflow, /\bnpm (?:run ([\w:-]+)|test\b)/g).map(
      (name) => name || 'test',
    );
    expect(used).toEqual(expect.arrayContaining(['test', 'package']));
    const { scripts } = JSON.parse(read('package.json'));
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(used));
  });

  it('tests each Node.js that a deployment can choose, from the oldest that is promised', () => {
    const tested = listMatches(workflow, /\bnode: \[?'([\d.]+)'/g);
    const { node } = JSON.parse(read('package.json')).engines;
    expect(tested).toContain(node.replace('>=', ''));
    const [choice = ''] = listMatches(
      read('infra/main.bicep'),
      /@allowed\(\[(.+)\]\)\nparam nodeVersion /g,
    );
    const majors = tested.map((version) => version.split('.')[0]);
    expect(majors.toSorted()).toEqual(listMatches(choice, /'(\d+)'/g).toSorted());
  });
});
