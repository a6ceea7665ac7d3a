import { useState } from 'preact/hooks';
import { askFile, pathOf, type Query, RequestFailure } from './request.ts';

/** Saves what a route answers as CSV: all items, with all digits. */
export function CsvButton({ route, query, of }: { route: string; query: Query; of: string }) {
  const [state, setState] = useState<'ready' | 'busy' | 'failed'>('ready');
  const [reason, setReason] = useState('');
  const load = async () => {
    setState('busy');
    try {
      save(await askFile(pathOf(route, { ...query, format: 'csv' })));
      setState('ready');
    } catch (error) {
      if (!(error instanceof RequestFailure)) throw error;
      setReason(error.message);
      setState('failed');
    }
  };
  return (
    <>
      <button type="button" disabled={state === 'busy'} title={`CSV of ${of}`} onClick={load}>
        CSV<span class="hidden"> of {of}</span>
      </button>
      {state === 'failed' && (
        <span class="warn" role="alert">
          No CSV: {reason}
        </span>
      )}
    </>
  );
}

function save({ name, content }: { name: string; content: Blob }): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  // After the download has begun.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
