import { describe, expect, test } from 'vitest';
import { createProxyOf } from '../../../src/network/proxy.ts';
import { Secret } from '../../../src/secret.ts';

const httpsProxy = new Secret('http://secure:1/');
const httpProxy = new Secret('http://plain:2/');

function proxyOf(target: string, ...noProxy: string[]): string | undefined {
  return createProxyOf({ httpsProxy, httpProxy, noProxy })(new URL(target));
}

test('https:// goes by HTTPS_PROXY, http:// by HTTP_PROXY', () => {
  expect(proxyOf('https://example.org/x')).toBe('http://secure:1/');
  expect(proxyOf('http://example.org/x')).toBe('http://plain:2/');
});

test('neither stands in for the other', () => {
  const url = (text: string) => new URL(text);
  expect(createProxyOf({ httpProxy, noProxy: [] })(url('https://example.org'))).toBeUndefined();
  expect(createProxyOf({ httpsProxy, noProxy: [] })(url('http://example.org'))).toBeUndefined();
});

test.each([
  'http://localhost:7071',
  'https://localhost',
  'http://127.0.0.1:10002',
  'https://127.8.9.10',
  'http://[::1]:10002',
  'http://169.254.169.254/metadata/identity',
  'http://169.254.130.2:8081/msi/token',
])('%s is never reached by a proxy', (target) => {
  expect(proxyOf(target)).toBeUndefined();
});

test.each([
  ['127.0.0.1.example.org'],
  ['localhost.example.org'],
  ['169.254.169.254.example.org'],
  ['10.0.0.1'],
  ['[fd00::1]'],
])('%s is no address of this machine', (host) => {
  expect(proxyOf(`https://${host}`)).toBe('http://secure:1/');
});

describe('NO_PROXY', () => {
  test.each([
    ['example.org', 'https://example.org', true],
    ['example.org', 'https://EXAMPLE.org.', true],
    ['EXAMPLE.ORG', 'https://a.b.example.org:8443', true],
    ['example.org', 'https://badexample.org', false],
    ['.example.org', 'https://example.org', true],
    ['.example.org', 'https://a.example.org', true],
    ['*.example.org', 'https://a.example.org', true],
    ['*.example.org', 'https://example.org', false],
    ['*', 'https://example.org', true],
    ['example.org:443', 'https://example.org', true],
    ['example.org:443', 'http://example.org', false],
    ['example.org:8443', 'https://example.org:8443', true],
    ['example.org:8443', 'https://example.org', false],
    ['10.1.2.3', 'https://10.1.2.3', true],
    ['10.1.2.3', 'https://10.1.2.30', false],
    ['10.0.0.0/8', 'https://10.250.0.1', true],
    ['10.0.0.0/8', 'https://11.0.0.1', false],
    ['10.0.0.0/99', 'https://10.0.0.1', false],
    ['fd00::/8', 'https://[fd12::1]', true],
    ['fd00::1', 'https://[fd00::1]', true],
    ['[fd00::1]:443', 'https://[fd00::1]', true],
    ['[fd00::1]:443', 'https://[fd00::1]:8443', false],
    ['::1', 'https://example.org', false],
  ])('%s: %s is reached directly: %s', (entry, target, isDirect) => {
    expect(proxyOf(target, 'other.example', entry) === undefined).toBe(isDirect);
  });
});
