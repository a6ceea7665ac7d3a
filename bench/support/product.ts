import { type ProgramEnd, runProgram } from './program.ts';

/** The part of the output of `usage-snapshots snapshot --json` that is used here. */
interface SnapshotDocument {
  status: string;
  customers: { listed: number; withUsage: number };
  subscriptions: { captured: number };
  requests: { total: number };
  durationMs: number;
}

type SnapshotEnd = ProgramEnd & { result: SnapshotDocument };

/** The night's run by the built command line, which has to be complete. */
export async function runSnapshot(settings: Record<string, string>): Promise<SnapshotEnd> {
  const end = await runSnapshotToAnyEnd(settings);
  if (end.result.status === 'complete') return end;
  throw new Error(`expected a complete run, got ${end.result.status}: ${end.stderr}`);
}

/** The same, with whatever status the run ends. */
export async function runSnapshotToAnyEnd(settings: Record<string, string>): Promise<SnapshotEnd> {
  const args = ['dist/cli/main.js', 'snapshot', '--json'];
  // The documented limits are not measured here, and what lies below a plan by a row of its own.
  const night = { PARTNER_CENTER_REQUESTS_PER_MINUTE: '0', SNAPSHOT_DEPTH: 'off' };
  const end = await runProgram(args, { ...night, ...settings });
  if (end.stdout !== '') return { ...end, result: JSON.parse(end.stdout) };
  throw new Error(`expected the result of a run, got exit code ${end.exitCode}: ${end.stderr}`);
}
