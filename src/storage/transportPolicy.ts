import { RestError, type TableServiceClientOptions } from '@azure/data-tables';
import { messageOf } from '../errors.ts';
import { unreadableAnswer } from './storageError.ts';

type Policy = NonNullable<TableServiceClientOptions['additionalPolicies']>[number]['policy'];
type Response = Awaited<ReturnType<Policy['sendRequest']>>;

/** Table Storage gives up an operation after 30 s itself. */
const requestTimeoutMs = 40_000;

const transientSubStatus = /^HTTP\/1\.1 (408|429|500|502|503|504)\b/m;

/**
 * Shows the SDK's retry what it does not see by itself. It has to run inside that retry
 * (`position: 'perRetry'`). Every request of this room may be sent twice, so all of these may:
 *
 * - a request that takes longer than the limit, headers and body together: the SDK's own timeout
 *   ends with the headers, and is not tried again
 * - an answer that breaks off in the middle
 * - an answer that is no JSON object: the SDK parses it only after its retry, and takes a page of
 *   another type for a list without rows
 * - a transaction whose own status is 202 while a part of it says that the server is busy
 *   (Azure/azure-sdk-for-net#46845)
 */
export function transportPolicy(timeoutMs: number = requestTimeoutMs): Policy {
  return {
    name: 'transportPolicy',
    async sendRequest(request, next) {
      const callerSignal = request.abortSignal;
      const controller = new AbortController();
      const abort = () => controller.abort();
      if (callerSignal?.aborted) abort();
      callerSignal?.addEventListener('abort', abort, { once: true });
      const timer = setTimeout(abort, timeoutMs);
      request.abortSignal = controller.signal;
      try {
        const response = await next(request);
        const subStatus = transientSubStatus.exec(response.bodyAsText ?? '')?.[1];
        if (response.status === 202 && subStatus) response.status = Number(subStatus);
        if (isUnreadable(response)) {
          // One of the codes that the SDK tries again.
          throw new RestError(unreadableAnswer, { code: 'ECONNRESET', request });
        }
        return response;
      } catch (error) {
        if (callerSignal?.aborted) throw error;
        if (controller.signal.aborted) {
          const message = `expected an answer within ${timeoutMs} ms, got none`;
          throw new RestError(message, { code: 'ETIMEDOUT', request });
        }
        if (error instanceof RestError && error.code === RestError.PARSE_ERROR) {
          throw new RestError(messageOf(error), { code: 'ECONNRESET', request });
        }
        throw error;
      } finally {
        clearTimeout(timer);
        callerSignal?.removeEventListener('abort', abort);
        if (callerSignal) request.abortSignal = callerSignal;
        else delete request.abortSignal;
      }
    },
  };
}

/**
 * Table service: 200 and 201 are a JSON object; a transaction is 202, and all else has no body. Its
 * ends tell, as long answers are not to be parsed twice.
 */
function isUnreadable({ status, bodyAsText }: Response): boolean {
  if (status !== 200 && status !== 201) return false;
  const text = bodyAsText?.trim() ?? '';
  return !text.startsWith('{') || !text.endsWith('}');
}
