import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../../../scripts/installedPackages.ts';

const page = readFileSync(join(root, 'docs/guarantees.md'), 'utf8');

/** The lines of the page that name a test: its file, then the titles from outside in. */
const references = [...page.matchAll(/^- `(.+?)`: (.+)$/gm)].map(([, file = '', title = '']) => ({
  file,
  title,
}));

/** Whether a file has a test or a group of tests of this title. */
function hasTitle(source: string, title: string): boolean {
  const text = source.replaceAll("\\'", "'");
  return ["'", '"', '`'].some((quote) => text.includes(`${quote}${title}${quote},`));
}

describe('docs/guarantees.md', () => {
  it.each(references)('names a test that there is: $file, $title', ({ file, title }) => {
    expect(file).toMatch(/^test\/.+\.test\.ts$/);
    expect(existsSync(join(root, file))).toBe(true);
    const source = readFileSync(join(root, file), 'utf8');
    expect(title.split(' › ').filter((part) => !hasTitle(source, part))).toEqual([]);
  });

  it('names a test for each promise', () => {
    const promises = page.split('\n### ').slice(1);
    expect(promises.length).toBeGreaterThan(15);
    const without = promises.filter((text) => !/^- `test\//m.test(text));
    expect(without.map((text) => text.split('\n')[0])).toEqual([]);
  });

  it('names nothing in another form, which no check would read', () => {
    expect(page.split('\n').filter((line) => line.startsWith('- '))).toHaveLength(
      references.length,
    );
  });
});
