import { readFile } from 'node:fs/promises';
import { relative } from 'node:path';
import { parseArgs } from 'node:util';
import type { MutantResult } from '@stryker-mutator/api/core';
import { Stryker } from '@stryker-mutator/core';
import { type AcceptedSurvivor, acceptedSurvivors } from './accepted.ts';
import { type Room, rooms } from './rooms.ts';

const usage = 'npm run mutation -- [--only <room>]... [--file <path>]...';

/** What was found before is kept in `reports/mutation`, also when the run is interrupted. */
async function mutate(name: string, room: Room, files: string[] | undefined) {
  process.env['MUTATION_ROOM'] = name;
  return new Stryker({
    testRunner: 'vitest',
    plugins: ['@stryker-mutator/vitest-runner'],
    vitest: { configFile: 'test/mutation/vitest.config.ts', related: false },
    // TypeScript 7 has no API that could rewrite it, and nothing here reads it.
    tsconfigFile: 'none',
    mutate: files ?? room.mutate,
    // The wording of messages is no rule.
    mutator: { excludedMutations: ['StringLiteral'] },
    ignorePatterns: ['dist', 'package', 'docs', 'infra', 'reports', '.git', '.ci', '.github'],
    ignoreStatic: true,
    concurrency: 2,
    incremental: true,
    incrementalFile: `reports/mutation/${name}.json`,
    tempDirName: 'reports/mutation/sandbox',
    reporters: ['progress-append-only'],
  }).runMutationTest();
}

const lineOf = async ({ fileName, location }: MutantResult) =>
  (await readFile(fileName, 'utf8')).split('\n')[location.start.line - 1]?.trim() ?? '';

/** Those that no test noticed and nobody has explained, and explanations of none that survives. */
async function examine(results: readonly MutantResult[]) {
  const found: string[] = [];
  const used = new Set<AcceptedSurvivor>();
  for (const result of results) {
    // On a busy machine one that nobody can notice may run out of time.
    if (!['Survived', 'NoCoverage', 'Timeout'].includes(result.status)) continue;
    const [file, line] = [relative('.', result.fileName), await lineOf(result)];
    const { replacement = '' } = result;
    const accepted = acceptedSurvivors.find(
      (each) => each.file === file && each.line === line && each.replacement === replacement,
    );
    if (accepted) {
      used.add(accepted);
      continue;
    }
    if (result.status === 'Timeout') continue;
    const place = `${file}:${result.location.start.line}`;
    const kind = result.status === 'NoCoverage' ? ' (no test reaches it)' : '';
    found.push(`${place}${kind}\n  ${line}\n  ${result.mutatorName}: ${replacement}`);
  }
  const files = new Set(results.map(({ fileName }) => relative('.', fileName)));
  const unused = acceptedSurvivors.filter((each) => files.has(each.file) && !used.has(each));
  return {
    survivors: found,
    unused: unused.map(({ file, line, replacement }) => `${file}\n  ${line}\n  ${replacement}`),
  };
}

const { values } = parseArgs({
  options: { only: { type: 'string', multiple: true }, file: { type: 'string', multiple: true } },
});
const unknown = values.only?.filter((name) => !(name in rooms)) ?? [];
if (unknown.length > 0) throw new Error(`no room ${unknown.join(', ')}; ${usage}`);

for (const [name, room] of Object.entries(rooms)) {
  if (values.only && !values.only.includes(name)) continue;
  const results = await mutate(name, room, values.file);
  const { survivors, unused } = await examine(results);
  const count = (status: MutantResult['status']) =>
    results.filter((result) => result.status === status).length;
  for (const survivor of survivors) process.stdout.write(`\n${survivor}\n`);
  for (const each of unused) process.stdout.write(`\nACCEPTED, BUT NO SURVIVOR: ${each}\n`);
  process.stdout.write(
    `\n${name}: ${count('Killed')} killed, ${count('Timeout')} timed out, ` +
      `${count('Survived')} survived, ${count('NoCoverage')} not reached, ` +
      `${survivors.length} of these unexplained\n`,
  );
  if (survivors.length + unused.length > 0) process.exitCode = 1;
}
