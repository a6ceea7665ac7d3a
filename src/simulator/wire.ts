import type { SimulatorAnswer } from './exchange.ts';
import { Pieces } from './pieces.ts';
import type { Quirks } from './quirks.ts';

const byteOrderMark = '\uFEFF';
const json = 'application/json';

/** Adds the common headers to an answer, and the quirks of how bodies are written. */
export function dress(
  answer: SimulatorAnswer,
  quirks: Quirks,
  headers: Record<string, string>,
): SimulatorAnswer {
  const contentType = answer.headers['content-type'] ?? '';
  const isJson = contentType.startsWith(json) && !Buffer.isBuffer(answer.body);
  const dressed = { ...answer, headers: { ...headers, ...answer.headers } };
  if (!isJson) return dressed;
  if (quirks.bareContentType) dressed.headers['content-type'] = json;
  let { body } = answer;
  if (quirks.stringCodes && answer.status >= 400) {
    body = String(body).replace(/"(code)":(\d+)/i, '"$1":"$2"');
  }
  return { ...dressed, body: quirks.byteOrderMark ? withMark(body) : body };
}

function withMark(body: SimulatorAnswer['body']): string | Pieces {
  if (!(body instanceof Pieces)) return byteOrderMark + body;
  return new Pieces(function* () {
    yield byteOrderMark;
    yield* body;
  });
}
