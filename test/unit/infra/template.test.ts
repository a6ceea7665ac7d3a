import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { allSettings } from '../../../src/config/settings.ts';
import { tableNames } from '../../../src/storage/tableNames.ts';
import { skipTest } from '../../support/platform.ts';

const root = new URL('../../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), 'utf8');
const main = read('infra/main.bicep');

describe('The template', () => {
  const bicep = (...args: string[]) => spawnSync('bicep', args, { cwd: root, encoding: 'utf8' });

  it('is built and linted by Bicep', { timeout: 600_000 }, (context) => {
    if (bicep('--version').error) {
      skipTest(context, 'there is no bicep on the PATH: infra/ is neither built nor linted');
    }
    for (const command of [['lint'], ['build', '--stdout']]) {
      const { status, stderr } = bicep(
        ...command,
        fileURLToPath(new URL('infra/main.bicep', root)),
      );
      // Warnings are shown, and stop nothing: another version of Bicep has others.
      process.stderr.write(stderr);
      expect(status, stderr).toBe(0);
    }
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

  it('makes the tables that the app uses', () => {
    const storage = read('infra/modules/storage.bicep');
    const made = [...storage.matchAll(/'\$\{tablePrefix\}(\w+)'/g)].map(([, name]) => name);
    expect(made).toEqual([...tableNames]);
  });

  it('holds no secret, and lets nobody in by a key', () => {
    expect(read('infra/modules/storage.bicep')).toContain('allowSharedKeyAccess: false');
    expect(read('infra/modules/monitoring.bicep')).toContain('disableLocalAuth: true');
    expect(main).not.toMatch(/listKeys|AccountKey=/);
  });
});

it('What azd deploys is made by a script that there is', () => {
  const script = read('azure.yaml').match(/run: npm run ([\w:-]+)/)?.[1] ?? '';
  expect(Object.keys(JSON.parse(read('package.json')).scripts)).toContain(script);
});
