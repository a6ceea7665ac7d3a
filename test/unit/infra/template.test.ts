import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { openDetailsArchive } from '../../../src/app/openTables.ts';
import { loadStorageConfig } from '../../../src/config/loadConfig.ts';
import { allSettings } from '../../../src/config/settings.ts';
import { tableNames } from '../../../src/storage/tableNames.ts';

const root = new URL('../../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), 'utf8');
const main = read('infra/main.bicep');
const templates = readdirSync(new URL('infra', root), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.bicep'))
  .map((file) => `infra/${file.replaceAll('\\', '/')}`);

describe('The template', () => {
  it('is plain Bicep: nothing of it comes from a registry', () => {
    for (const file of templates) {
      expect(read(file), file).not.toMatch(/^extension |'(br|ts)[:/]|@[\d-]+-preview'/m);
    }
  });

  it('has no module that is not deployed', () => {
    const text = templates.map(read).join('\n');
    const modules = templates.map((file) => file.split('/').at(-1) ?? '');
    const unused = modules.filter((file) => !text.includes(`${file}'`));
    expect(unused).toEqual(['main.bicep']);
  });

  it('takes each of its parameters from the environment of azd', () => {
    const declared = [...main.matchAll(/^param (\w+) /gm)].map(([, name]) => name);
    const { parameters } = JSON.parse(read('infra/main.parameters.json'));
    expect(Object.keys(parameters)).toEqual(declared);
  });

  it('has the default of a parameter twice, the same', () => {
    const { parameters } = JSON.parse(read('infra/main.parameters.json')) as {
      parameters: Record<string, { value: string }>;
    };
    for (const [, name = '', value = ''] of main.matchAll(/^param (\w+) \w+ = (.+)$/gm)) {
      const [, , given = ''] = parameters[name]?.value.match(/^\$\{(\w+)=?(.*)\}$/) ?? [];
      expect(given, name).toBe(value.replaceAll("'", ''));
    }
  });

  it('sets every setting that there is in Azure', () => {
    const others = [
      // Of one machine; in Azure the token is in the vault, and the tables are reached by identity.
      'PARTNER_CENTER_CLIENT_CERTIFICATE_PATH',
      'PARTNER_CENTER_REFRESH_TOKEN_FILE',
      'PARTNER_CENTER_REFRESH_TOKEN',
      'SNAPSHOT_STORAGE',
      // Of machines behind a proxy.
      'HTTPS_PROXY',
      'HTTP_PROXY',
      'NO_PROXY',
      // App Service sets it.
      'WEBSITE_AUTH_ENABLED',
    ];
    const names = Object.keys(allSettings.shape).filter((name) => !others.includes(name));
    expect(names.filter((name) => !new RegExp(`\\b${name}: `).test(main))).toEqual([]);
  });

  it('puts whatever the setup reads by azd into its environment', () => {
    const outputs = [...main.matchAll(/^output (\w+) /gm)].map(([, name]) => name);
    const parameters = read('infra/main.parameters.json').matchAll(/\$\{(\w+)/g);
    const known = [...outputs, ...[...parameters].map(([, name]) => name)];
    const names = [...read('docs/setup.md').matchAll(/azd env get-value (\w+)/g)].map(
      ([, name]) => name,
    );
    expect(names).toContain('SNAPSHOT_TABLE_PREFIX');
    expect(names.filter((name) => !known.includes(name))).toEqual([]);
    // One that may be empty is there only as an output: azd knows no other without a value.
    expect(outputs).toContain('SNAPSHOT_TABLE_PREFIX');
  });

  it('has no parameter that the documentation does not name', () => {
    const documentation = read('infra/README.md') + read('docs/settings.md');
    const names = [...read('infra/main.parameters.json').matchAll(/\$\{(\w+)/g)];
    // What azd asks for itself.
    const others = ['AZURE_ENV_NAME', 'AZURE_PRINCIPAL_ID'];
    const missing = names.filter(([, name = '']) => !documentation.includes(`\`${name}\``));
    expect(missing.map(([, name]) => name).filter((name) => !others.includes(name ?? ''))).toEqual(
      [],
    );
  });

  it('takes the same rights by each document that names them', () => {
    for (const file of ['infra/README.md', 'docs/setup.md']) {
      const text = read(file);
      expect(text, file).toContain('Owner, or Contributor and User Access Administrator');
      // A lock is more than that role may make.
      for (const line of text
        .split('\n')
        .filter((it) => it.includes('Role Based Access Control'))) {
        expect(line, file).toMatch(/STORAGE_DELETE_LOCK.false/);
      }
    }
  });

  it('makes the tables that the app uses', () => {
    const storage = read('infra/modules/storage.bicep');
    const made = [...storage.matchAll(/'\$\{tablePrefix\}(\w+)'/g)].map(([, name]) => name);
    expect(made).toEqual([...tableNames]);
  });

  it('makes the container that the app uses', () => {
    const settings = { SNAPSHOT_STORAGE: 'UseDevelopmentStorage=true', SNAPSHOT_TABLE_PREFIX: 'p' };
    const { container } = openDetailsArchive(loadStorageConfig(settings));
    const storage = read('infra/modules/storage.bicep');
    expect(storage).toContain(`name: '${container.replace('p', '$' + '{tablePrefix}')}'`);
  });

  it('holds no secret, and lets nobody in by a key', () => {
    expect(read('infra/modules/storage.bicep')).toContain('allowSharedKeyAccess: false');
    expect(read('infra/modules/monitoring.bicep')).toContain('disableLocalAuth: true');
    expect(main).not.toMatch(/listKeys|AccountKey=/);
  });
});

it('What azd runs are scripts that there are', () => {
  const scripts = [...read('azure.yaml').matchAll(/run: npm run (?:--\w+ )?([\w:-]+)/g)];
  expect(scripts.length).toBeGreaterThan(0);
  for (const [, script] of scripts) {
    expect(Object.keys(JSON.parse(read('package.json')).scripts)).toContain(script);
  }
});
