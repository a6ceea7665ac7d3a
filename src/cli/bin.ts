#!/usr/bin/env node
import { readFileSync } from 'node:fs';

/**
 * The installed command. It runs on any Node.js, to say which one is needed: what it loads then
 * does not load on an old one.
 */
const { engines } = JSON.parse(
  readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
) as { engines: { node: string } };
const needed = engines.node.replace('>=', '');
const running = process.versions.node;

if (isAtLeast(running, needed)) await import('./main.ts');
else {
  process.stderr.write(`usage-snapshots needs Node.js ${needed} or later, got ${running}\n`);
  process.exitCode = 2;
}

function isAtLeast(version: string, least: string): boolean {
  return version.localeCompare(least, 'en', { numeric: true }) >= 0;
}
