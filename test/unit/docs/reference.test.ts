import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../../../scripts/installedPackages.ts';
import { allSettings } from '../../../src/config/settings.ts';
import { routePaths } from '../../../src/http/routePaths.ts';
import { routes } from '../../../src/http/routes.ts';

/** The cells of each table row. */
function readRows(file: string): string[][] {
  const text = readFileSync(join(root, file), 'utf8');
  return [...text.matchAll(/^\| (.+) \|$/gm)].map(([, row = '']) => row.split(' | '));
}

const codesOf = (cell = '') => [...cell.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);

function sortQuery(route: string): string {
  const [path, ...query] = route.split(/[?&]/);
  return [path, ...query.toSorted()].join(' ');
}

describe('docs/settings.md', () => {
  const rows = readRows('docs/settings.md').slice(1);
  // What stands for itself and a name that begins as the one before it.
  const names = rows.flatMap(([cell]) => {
    const [first = '', ...others] = codesOf(cell);
    const stem = first.replace(/__.+/, '');
    return [first, ...others.map((name) => (name.startsWith('__') ? stem + name : name))];
  });

  it('names each setting, once, and nothing else', () => {
    // App Service sets it.
    const settings = Object.keys(allSettings.shape).filter(
      (name) => name !== 'WEBSITE_AUTH_ENABLED',
    );
    expect(names.toSorted()).toEqual(settings.toSorted());
  });

  it('has the default of each setting that it is alone with', () => {
    const defaults = allSettings.parse({
      PARTNER_CENTER_TENANT_ID: 'aaaaaaaa-0000-4000-8000-000000000001',
      PARTNER_CENTER_CLIENT_ID: 'aaaaaaaa-0000-4000-8000-000000000002',
    }) as Record<string, unknown>;
    for (const [names, value = ''] of rows) {
      const [name = '', ...others] = codesOf(names);
      if (others.length > 0 || !/^`|^\d/.test(value)) continue;
      expect(String(defaults[name]), name).toBe(value.replaceAll('`', ''));
    }
  });
});

describe('docs/http.md', () => {
  it('names each route with its parameters', () => {
    const named = readRows('docs/http.md').flatMap(([cell]) => codesOf(cell).map(sortQuery));
    const expected = Object.entries(routePaths).map(([name, { path }]) => {
      const route = routes[name as keyof typeof routes];
      const parameters = Object.keys('parameters' in route ? route.parameters : {});
      const query = parameters.filter((each) => each !== 'format' && !path.includes(`{${each}}`));
      return sortQuery(`GET ${path}${query.length > 0 ? `?${query.join('&')}` : ''}`);
    });
    expect(named.toSorted()).toEqual(expected.toSorted());
  });
});
