import Negotiator from 'negotiator';
import { type DashboardFiles, readDashboard } from '../dashboardFiles.ts';
import type { ApiRequest, ApiResponse } from './apiRequest.ts';
import { entityTagOf, isTagNamed } from './entityTag.ts';
import type { Page } from './pages.ts';
import { Problem } from './problem.ts';

const page = 'index.html';

/** The smallest first. */
const encodings = [
  ['br', '.br'],
  ['gzip', '.gz'],
  ['identity', ''],
] as const;

const contentTypes: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
};

/** The page may use its own script, style and answers, and nothing else. */
const headersOfPage = {
  'cache-control': 'no-cache',
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    'img-src data:',
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; '),
  'cross-origin-opener-policy': 'same-origin',
};

export const dashboardPage: Page = {
  access: 'open',
  async respond(_services, request) {
    const files = await readDashboard();
    const etag = entityTagOf(files.get(page) ?? '');
    const headers = { ...headersOfPage, etag };
    if (isTagNamed(etag, request.header('if-none-match'))) return { status: 304, headers };
    return send(page, files, { request, headers });
  },
};

export const dashboardAsset: Page = {
  access: 'open',
  async respond(_services, request) {
    const [, name = ''] = request.path.split('/');
    const files = await readDashboard();
    if (!/\.(js|css)$/.test(name) || !files.has(name)) {
      throw new Problem(404, 'The page has no such part.');
    }
    // A name holds a hash of the content.
    const headers = { 'cache-control': 'public, max-age=31536000, immutable' };
    return send(name, files, { request, headers });
  },
};

interface Sending {
  request: ApiRequest;
  headers: Record<string, string>;
}

function send(name: string, files: DashboardFiles, { request, headers }: Sending): ApiResponse {
  const accepted = new Negotiator({
    headers: { 'accept-encoding': request.header('accept-encoding') },
  }).encodings();
  const [encoding, ending] =
    encodings.find(([each]) => accepted.includes(each)) ?? (['identity', ''] as const);
  const body = files.get(`${name}${ending}`);
  if (body === undefined) throw new Error(`expected ${name} with the encoding ${encoding}`);
  return {
    status: 200,
    headers: {
      'content-type': contentTypes[name.slice(name.lastIndexOf('.') + 1)] ?? '',
      vary: 'accept-encoding',
      ...headers,
      ...(encoding !== 'identity' && { 'content-encoding': encoding }),
    },
    body,
  };
}
