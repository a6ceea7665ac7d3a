import { type ProgramEnd, runForJson } from './program.ts';

/** What `usage-snapshots snapshot --json` prints, as far as it is looked at here. */
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
    // The documented limits are no part of what is measured.
    { PARTNER_CENTER_REQUESTS_PER_MINUTE: '0', ...settings },
  );
  if (end.result.status === 'complete') return end;
  throw new Error(`expected a complete run, got ${end.result.status}: ${end.stderr}`);
}
