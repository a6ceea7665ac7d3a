import { RestError } from '@azure/data-tables';
import type { CallOptions } from '../callOptions.ts';
import { messageOf } from '../errors.ts';
import { quote } from '../text.ts';
import { StorageError, type StoragePlace, unreadableAnswer } from './storageError.ts';

/** A `StorageError` for any error of the SDK; the signal's own reason where it was aborted. */
export function toStorageError(
  error: unknown,
  place: StoragePlace,
  { abortSignal }: CallOptions = {},
): unknown {
  if (abortSignal?.aborted) return abortSignal.reason;
  if (error instanceof StorageError) return error;
  const { code, status, message } = factsOf(error);
  const cause = hasBody(error) ? undefined : error;
  return new StorageError(code, place, message, { status, ...(cause !== undefined && { cause }) });
}

/** Whether the message contains the whole answer with its rows, as the SDK could not read it. */
function hasBody(error: unknown): boolean {
  if (!(error instanceof RestError)) return false;
  const { code, statusCode = 0 } = error;
  return code === RestError.PARSE_ERROR || (statusCode >= 200 && statusCode < 300);
}

const isCode = (name: unknown): name is string =>
  typeof name === 'string' && /^\w{1,60}$/.test(name);

/** The documented shape; the answer may come from something else and hold anything. */
interface ServiceError {
  odataError?: { code?: unknown; message?: { value?: unknown } };
}

function factsOf(error: unknown): { code: string; status?: number | undefined; message: string } {
  if (!(error instanceof RestError)) return { code: 'STORAGE', message: quote(messageOf(error)) };
  const status = error.statusCode;
  // The SDK sets `code` for a transaction; otherwise the code is only in the details.
  const service = (error.details as ServiceError | undefined)?.odataError;
  const named = [service?.code, error.code].find(isCode);
  const code = named ?? (status === undefined ? 'STORAGE' : `HTTP_${status}`);
  // The lines after the first are the service's request id and time; `cause` has them.
  const said = service?.message?.value;
  const text = hasBody(error) ? unreadableAnswer : typeof said === 'string' ? said : error.message;
  const [sentence = ''] = text.split('\n');
  const answer = status === undefined ? code : `${code} (HTTP ${status})`;
  return { code, status, message: `${answer}: ${quote(sentence)}` };
}
