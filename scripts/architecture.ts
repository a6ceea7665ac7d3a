import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { root } from './installedPackages.ts';
import { drawRooms, readRooms, tabulateRooms } from './rooms.ts';

/** Updates the imports in docs/architecture.md from the sources and the linter's rules. */

const page = join(root, 'docs/architecture.md');

/** The page as it is, and as it should be. */
export function renderArchitecture(): { present: string; current: string } {
  const present = readFileSync(page, 'utf8');
  const rooms = readRooms();
  const parts = { picture: drawRooms(rooms), rooms: tabulateRooms(rooms) };
  let current = present;
  for (const [name, text] of Object.entries(parts)) {
    const part = new RegExp(`(<!-- made by npm run docs: ${name} -->\n).*?(\n<!-- end -->)`, 's');
    if (!part.test(current)) throw new Error(`expected a place for "${name}" in ${page}`);
    current = current.replace(part, (_, begin, end) => `${begin}\n${text}\n${end}`);
  }
  return { present, current };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(page, renderArchitecture().current);
}
