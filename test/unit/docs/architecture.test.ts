import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { renderArchitecture } from '../../../scripts/architecture.ts';
import { root } from '../../../scripts/installedPackages.ts';
import { drawRooms, findCircle, type Room, readRooms } from '../../../scripts/rooms.ts';

const rooms = readRooms();

/** A room without rule that imports others. */
const room = (name: string, imports: Record<string, boolean>): Room => ({
  name,
  holds: '',
  mayImport: undefined,
  mayNotImport: [],
  imports: new Map(
    Object.entries(imports).map(([imported, isTypesOnly]) => [imported, { isTypesOnly }]),
  ),
});

describe('docs/architecture.md', () => {
  it('shows the rooms as they import each other (npm run docs)', () => {
    const { present, current } = renderArchitecture();
    expect(present).toBe(current);
  });

  it('names nothing that is not in the sources', () => {
    const page = readFileSync(join(root, 'docs/architecture.md'), 'utf8');
    const ways = page.slice(page.indexOf('## From the timer'), page.indexOf('## Decisions'));
    const names = [...ways.matchAll(/`(\w+)`/g)].map(([, name = '']) => name);
    expect(names.length).toBeGreaterThan(20);
    const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => readFileSync(join(root, 'src', file), 'utf8'))
      .join('\n');
    expect(names.filter((name) => !new RegExp(`\\b${name}\\b`).test(sources))).toEqual([]);
  });
});

describe('The rooms of src', () => {
  it('import each other in no circle', () => {
    expect(findCircle(rooms)).toBeUndefined();
    const circle = [room('a', { b: false }), room('b', { c: true }), room('c', { a: false })];
    expect(findCircle(circle)).toBe('a');
  });

  it('have a rule of the linter each', () => {
    const free = rooms.filter(({ mayImport, mayNotImport }) => !mayImport && !mayNotImport.length);
    expect(free.map(({ name }) => name)).toEqual([]);
  });

  it('keep the simulator to the command line, and out of the product', () => {
    const importers = rooms.filter(({ imports }) => imports.has('simulator'));
    expect(importers.map(({ name }) => name)).toEqual(['cli']);
    const lettingIn = rooms.filter(({ mayImport, mayNotImport }) =>
      mayImport ? mayImport.includes('simulator') : !mayNotImport.includes('simulator'),
    );
    expect(lettingIn.map(({ name }) => name)).toEqual(['cli']);
    const simulator = rooms.find(({ name }) => name === 'simulator');
    expect(simulator).toMatchObject({ mayImport: [], imports: new Map() });
  });
});

describe('The picture of the rooms', () => {
  it('leaves out an import that a longer way says too', () => {
    const picture = drawRooms([
      room('top', { 'mid/dle': false, low: false }),
      room('mid/dle', { low: true }),
      room('low', {}),
    ]);
    expect(picture).toContain('  top --> mid_dle\n  mid_dle -.-> low\n');
    expect(picture).not.toContain('top --> low');
  });
});
