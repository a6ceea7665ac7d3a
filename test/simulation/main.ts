import { parseArgs } from 'node:util';
import { runFaultNight } from './faultNight.ts';
import { Summary } from './summary.ts';
import { type Odds, parseOdds } from './weatherKinds.ts';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '50' },
    seed: { type: 'string', default: '1' },
    odds: { type: 'string', default: '' },
    verbose: { type: 'boolean', default: false },
  },
});
const runs = wholeNumber('runs', values.runs);
const seed = wholeNumber('seed', values.seed);
const odds = oddsOf(values.odds);
const write = (line: string) => void process.stdout.write(`${line}\n`);

const summary = new Summary();
for (let night = 0; night < runs; night++) {
  const report = await runFaultNight(seed + night, {
    odds,
    ...(values.verbose && { onStep: write }),
  });
  summary.add(report);
  for (const { seed, invariant, facts } of report.violations) {
    write(`violation, seed ${seed}, ${invariant}: ${facts}`);
  }
}
write(summary.text());
process.exitCode = summary.violations === 0 ? 0 : 1;

function wholeNumber(name: string, text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  process.stderr.write(`--${name}: expected a whole number, got ${text}\n`);
  process.exit(2);
}

function oddsOf(list: string): Odds {
  try {
    return parseOdds(list);
  } catch (error) {
    process.stderr.write(`--odds: ${String(error)}\n`);
    process.exit(2);
  }
}
