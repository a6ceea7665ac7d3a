import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { readDashboard } from '../../../src/dashboardFiles.ts';
import { answer } from '../../../src/http/answer.ts';
import type { ApiServices } from '../../../src/http/apiServices.ts';
import { pages } from '../../../src/http/pages.ts';

/** The page needs none of them, and nobody has to be allowed. */
const refuse = () => {
  throw new Error('expected no use of data');
};
const services: ApiServices = {
  isAllowed: () => false,
  openHistory: refuse,
  listBadSettings: refuse,
  onError: refuse,
  now: refuse,
};

async function ask(path: string, headers: Record<string, string> = {}, method = 'GET') {
  const page = path === 'dashboard' ? pages.getDashboard : pages.getDashboardAsset;
  const request = { method, path, query: '', header: (name: string) => headers[name] };
  const { status, headers: answered, body = '' } = await answer(page, request, services);
  if (Symbol.asyncIterator in Object(body)) throw new Error('expected a whole body');
  return { status, headers: answered, body: Buffer.from(body as string | Uint8Array) };
}

let assets: string[];
beforeAll(async () => {
  const { body } = await ask('dashboard');
  assets = [...body.toString().matchAll(/"\/api\/(dashboard\/[^"]+)"/g)].map(
    ([, path = '']) => path,
  );
});

describe('the page', () => {
  it('may use its own script, style and answers, and nothing else', async () => {
    const { status, headers } = await ask('dashboard');
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-cache',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    });
    const policy = headers['content-security-policy'] ?? '';
    expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
    expect(policy).not.toContain('unsafe');
  });

  it('says what to do where no script runs', async () => {
    const { body } = await ask('dashboard');
    expect(body.toString()).toContain('This page needs JavaScript.');
    expect(body.toString()).not.toMatch(/\{\w+\}/);
  });

  it('is not sent again to who has it', async () => {
    const { headers } = await ask('dashboard');
    const again = await ask('dashboard', { 'if-none-match': headers['etag'] ?? '' });
    expect([again.status, again.body.length]).toEqual([304, 0]);
  });

  it('has one script and one style, kept for good by names that change with them', async () => {
    expect(assets).toHaveLength(2);
    for (const path of assets) {
      expect(path).toMatch(/^dashboard\/(page-[A-Z0-9]{8}\.js|style-[A-Z0-9]{8}\.css)$/);
      const { status, headers } = await ask(path);
      expect(status).toBe(200);
      expect(headers['content-type']).toMatch(/^text\/(javascript|css); charset=utf-8$/);
      expect(headers['cache-control']).toBe('public, max-age=31536000, immutable');
    }
  });

  it.each([
    ['gzip, deflate, br, zstd', 'br'],
    ['br', 'br'],
    ['gzip', 'gzip'],
    ['br;q=0, gzip', 'gzip'],
    ['identity', undefined],
    ['zstd', undefined],
    [undefined, undefined],
  ])('is compressed as the header says: %s by %s', async (accepted, encoding) => {
    for (const path of ['dashboard', ...assets]) {
      const plain = await ask(path);
      const { headers, body } = await ask(path, accepted ? { 'accept-encoding': accepted } : {});
      expect(headers['content-encoding']).toBe(encoding);
      expect(headers['vary']).toBe('accept-encoding');
      const read = { br: brotliDecompressSync, gzip: gunzipSync, none: (each: Buffer) => each };
      expect(read[(encoding ?? 'none') as keyof typeof read](body)).toEqual(plain.body);
    }
  });

  it('is at most 120 kB altogether, compressed by either', async () => {
    for (const encoding of ['br', 'gzip']) {
      const answers = ['dashboard', ...assets].map((path) =>
        ask(path, { 'accept-encoding': encoding }),
      );
      const bytes = (await Promise.all(answers)).reduce((sum, { body }) => sum + body.length, 0);
      expect(bytes).toBeLessThanOrEqual(120_000);
    }
  });

  it('has no part that is no script or style of it', async () => {
    const names = ['index.html', 'page.js', `${assets[0]?.split('/')[1]}.br`, '..%2Fx.js', ''];
    for (const name of names) {
      const { status, headers } = await ask(`dashboard/${name}`);
      expect([name, status]).toEqual([name, 404]);
      expect(headers['cache-control']).toBe('no-store');
    }
  });

  it('answers HEAD without a body, and no other method', async () => {
    const head = await ask('dashboard', {}, 'HEAD');
    expect([head.status, head.body.length]).toEqual([200, 0]);
    expect((await ask('dashboard', {}, 'POST')).status).toBe(405);
  });

  it('asks no other host', async () => {
    const files = await readDashboard();
    for (const [name, content] of files) {
      if (!/\.(html|js|css)$/.test(name)) continue;
      const hosts =
        Buffer.from(content)
          .toString()
          .match(/https?:\/\/[\w.-]+/g) ?? [];
      // Names of XML namespaces, which are not addresses.
      expect(new Set(hosts).difference(new Set(['http://www.w3.org']))).toEqual(new Set());
    }
  });
});
