import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../../../scripts/installedPackages.ts';

const folders = '{.,docs,infra,src,test}';
const pages = globSync([`${folders}/*.md`, '{src,test}/**/*.md'], { cwd: root })
  .map((page) => page.replaceAll('\\', '/'))
  .filter((page, index, all) => all.indexOf(page) === index);

/** The name by which GitHub links to a heading. */
const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');

function listAnchors(file: string): string[] {
  const text = readFileSync(file, 'utf8').replaceAll(/^```.*?^```$/gms, '');
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => anchorOf(heading));
}

describe('The links of', () => {
  it.each(pages)('%s lead to files and headings that there are', (page) => {
    const text = readFileSync(join(root, page), 'utf8');
    const broken = [...text.matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, target = '']) => target)
      .filter((target) => !/^(https?|mailto):/.test(target))
      .filter((target) => {
        const [path = '', anchor] = target.split('#');
        const file = path === '' ? join(root, page) : join(root, dirname(page), path);
        if (!existsSync(file)) return true;
        return anchor !== undefined && !listAnchors(file).includes(anchor);
      });
    expect(broken).toEqual([]);
  });
});
