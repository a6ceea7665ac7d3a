import { type ProgramEnd, runForJson } from './program.ts';

/** The part of the output of `usage-snapshots snapshot --json` that is used here. */
interface SnapshotDocument {
  status: string;
  customers: { listed: number; withUsage: number };
  subscriptions: { captured: number };
  requests: { total: number };
  durationMs: number;
}

/** The night's run by the built command line, which has to be complete. */
export async function runSnapshot(
  settings: Record<string, string>,
): Promise<ProgramEnd & { result: SnapshotDocument }> {
  const end = await runForJson<SnapshotDocument>(
    ['dist/cli/main.js', 'snapshot', '--json'],
    // The documented limits are not measured here.
    { PARTNER_CENTER_REQUESTS_PER_MINUTE: '0', ...settings },
  );
  if (end.result.status === 'complete') return end;
  throw new Error(`expected a complete run, got ${end.result.status}: ${end.stderr}`);
}
