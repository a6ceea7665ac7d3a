import { spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

const project = resolve(import.meta.dirname, '../../..');

/** A file of `src/usage`, a shape it declares, and the kind of column that is added to it. */
type Addition = readonly [file: string, shape: string, kind: string];

/** By their names. One error tells of one column alone, so that those of one place are apart. */
const rounds: Record<string, Addition>[] = [
  {
    ofRun: ['snapshotRun.ts', 'snapshotRunShape', 'optional(column.count)'],
    ofAlert: ['budgetAlert.ts', 'budgetAlertShape', 'optional(column.amount)'],
    ofTotal: ['currencyTotal.ts', 'currencyTotalShape', 'optional(column.count)'],
    ofLedger: ['ledgerRow.ts', 'ledgerRowShape', 'optional(column.text)'],
    ofFigures: ['usageSnapshot.ts', 'figuresShape', 'optional(column.amount)'],
  },
  {
    ofCost: ['recordedCost.ts', 'recordedCostShape', 'optional(column.flag)'],
    ofFailure: ['usageSnapshot.ts', 'failureShape', 'optional(column.text)'],
  },
  {
    ofSubscription: ['usageSnapshot.ts', 'subscriptionSnapshotShape', 'optional(column.date)'],
  },
];

const copies: string[] = [];
/** Where the compiler misses a column, by its name. */
const missed = new Map<string, string[]>();

beforeAll(() => {
  for (const added of rounds) {
    const copy = copyProject();
    for (const [name, addition] of Object.entries(added)) addColumn(copy, name, addition);
    for (const error of compile(copy)) note(error, Object.keys(added));
  }
}, 300_000);

afterAll(() => {
  for (const copy of copies) rmSync(copy, { recursive: true, force: true });
});

function copyProject(): string {
  const copy = mkdtempSync(join(tmpdir(), 'new-column-'));
  copies.push(copy);
  cpSync(join(project, 'src'), join(copy, 'src'), { recursive: true });
  cpSync(join(project, 'package.json'), join(copy, 'package.json'));
  symlinkSync(join(project, 'node_modules'), join(copy, 'node_modules'), 'junction');
  const { compilerOptions, exclude } = JSON.parse(
    readFileSync(join(project, 'tsconfig.json'), 'utf8'),
  );
  const settings = { compilerOptions, include: ['src'], exclude };
  writeFileSync(join(copy, 'tsconfig.json'), JSON.stringify(settings));
  return copy;
}

function addColumn(copy: string, name: string, [file, shape, kind]: Addition): void {
  const path = join(copy, 'src/usage', file);
  const text = readFileSync(path, 'utf8');
  const begin = `export const ${shape} = {\n`;
  expect(text).toContain(begin);
  writeFileSync(path, text.replace(begin, `${begin}  ${name}: ${kind},\n`));
}

/** The errors: each begins with a line that names its place, and goes on in indented ones. */
function compile(copy: string): string[] {
  const tsc = join(project, 'node_modules/typescript/bin/tsc');
  const options = { cwd: copy, encoding: 'utf8' } as const;
  const { stdout } = spawnSync(process.execPath, [tsc, '--pretty', 'false'], options);
  return stdout.split(/\n(?=\S)/).filter((error) => error !== '');
}

function note(error: string, names: readonly string[]): void {
  const name = names.find((each) => error.includes(each));
  const [, file] = /^src[\\/]([^(]+)\(/.exec(error) ?? [];
  if (name === undefined || file === undefined) throw new Error(`expected a place, got ${error}`);
  const files = [...(missed.get(name) ?? []), file.replaceAll('\\', '/')];
  missed.set(name, [...new Set(files)].sort());
}

/** The file that declares an item of the API. */
function itemFile(name: string): string {
  const found = readdirSync(join(project, 'src/http')).find((file) =>
    readFileSync(join(project, 'src/http', file), 'utf8').includes(`'${name}'`),
  );
  return `http/${found}`;
}

const figuresShown = 'http/figures.ts';
const usageExport = 'storage/archive/usageFields.ts';

test.each<[string, string[]]>([
  ['ofRun', [itemFile('RunItem'), 'snapshot/runReport.ts']],
  ['ofAlert', [itemFile('BudgetAlertItem'), 'alerts/budgetWatch.ts']],
  ['ofTotal', [itemFile('TotalItem')]],
  ['ofLedger', [itemFile('RankingItem')]],
  ['ofCost', [itemFile('RankingItem')]],
  ['ofFigures', [itemFile('DailyItem'), itemFile('PeriodItem'), figuresShown, usageExport]],
  ['ofFailure', [itemFile('FailureItem'), figuresShown, usageExport]],
  ['ofSubscription', [itemFile('SubscriptionItem'), usageExport]],
])('the compiler names each place that has to take up a new column %s', (name, places) => {
  expect(missed.get(name)).toEqual([...new Set(places)].sort());
});
