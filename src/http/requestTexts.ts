import { clip } from '../text.ts';
import { show } from './parameterKind.ts';
import type { ParameterProblem } from './problem.ts';

/** Azure Functions: function keys, in upper or lower case. Only the host reads them. */
const hostParameters = ['code', 'clientid'];

export function isHostParameter(name: string): boolean {
  return hostParameters.includes(name.toLowerCase());
}

/** The parameters of a request, with their escapes decoded. */
export interface RequestTexts {
  /** Each parameter with all its values, except those that cannot be decoded. */
  texts: Map<string, string[]>;
  problems: ParameterProblem[];
}

/** Parses a query; `+` is a space, as in forms (WHATWG URL: urlencoded parsing). */
export function parseQuery(query: string): RequestTexts {
  const found: RequestTexts = { texts: new Map(), problems: [] };
  for (const pair of query.split('&')) {
    if (pair === '') continue;
    const [encodedName = '', ...rest] = pair.replaceAll('+', ' ').split('=');
    const name = decode(encodedName);
    if (name === undefined) {
      found.problems.push({ name: 'query', message: `${expectedText} in the names` });
    } else if (!isHostParameter(name)) {
      add(found, name, rest.join('='));
    }
  }
  return found;
}

/**
 * The parameters in a path.
 *
 * @param template `customers/{customerId}/history`
 * @param path that the template matches
 */
export function parsePath(template: string, path: string): RequestTexts {
  const found: RequestTexts = { texts: new Map(), problems: [] };
  const parts = path.split('/');
  for (const [index, part] of template.split('/').entries()) {
    const name = nameInBraces(part);
    if (name !== undefined) add(found, name, parts[index] ?? '');
  }
  return found;
}

/** The name of a path's part that is a parameter. */
export function nameInBraces(part: string): string | undefined {
  return /^\{(\w+)\}$/.exec(part)?.[1];
}

const expectedText = 'expected UTF-8 with valid percent escapes and no control characters';

function add({ texts, problems }: RequestTexts, name: string, encoded: string): void {
  const text = decode(encoded);
  if (text === undefined) {
    problems.push({ name: clip(name, 40), message: `${expectedText}, got ${show(encoded)}` });
  }
  texts.set(name, [...(texts.get(name) ?? []), ...(text === undefined ? [] : [text])]);
}

/** Undefined where the escapes are invalid, not UTF-8, or control characters. */
function decode(encoded: string): string | undefined {
  try {
    const text = decodeURIComponent(encoded);
    return /\p{Cc}/u.test(text) ? undefined : text;
  } catch {
    // A URIError, the only error of this function.
    return undefined;
  }
}
