// Installs the dependencies where they are missing or not those of package-lock.json. Runs on any
// Node.js from 18 on, before anything is installed.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

/** Versions by place, as one of npm's two lock files has them. */
function readPackages(lockFile) {
  return JSON.parse(readFileSync(lockFile, 'utf8')).packages;
}

/** What the package `node` installs by its script. */
const nodeBinary = `node_modules/node/bin/node${process.platform === 'win32' ? '.exe' : ''}`;

/** npm keeps a lock file of what it has installed; optional packages of other platforms lack. */
function isUpToDate() {
  const installedLock = 'node_modules/.package-lock.json';
  if (!existsSync(installedLock) || !existsSync(nodeBinary)) return false;
  const installed = readPackages(installedLock);
  const wanted = readPackages('package-lock.json');
  return Object.entries(wanted).every(([place, { version, optional }]) => {
    if (place === '') return true;
    const found = installed[place];
    return found ? found.version === version : optional;
  });
}

if (!isUpToDate()) {
  // `npm ci` begins by deleting node_modules, and with it the Node.js that may be running this.
  const command = existsSync('node_modules') ? 'install' : 'ci';
  console.error(`Installing the dependencies (npm ${command}) …`);
  const npm = process.env.npm_execpath;
  // Includes what the machine's npm settings may leave out.
  const needed = ['--include=dev', '--include=optional', '--ignore-scripts=false'];
  const args = [command, ...needed, '--no-audit', '--no-fund', '--loglevel=error'];
  const { status, error } = npm
    ? spawnSync(process.env.npm_node_execpath ?? process.execPath, [npm, ...args], {
        stdio: ['ignore', process.stderr.fd, process.stderr.fd],
      })
    : spawnSync('npm', args, { stdio: ['ignore', 2, 2], shell: true });
  if (error) throw error;
  process.exitCode = status ?? 1;
}
