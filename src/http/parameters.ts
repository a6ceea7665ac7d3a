import { clip } from '../text.ts';
import { daysBetween } from '../usage/date.ts';
import type { ApiRequest } from './apiRequest.ts';
import { type ParameterProblem, Problem } from './problem.ts';
import { parsePath, parseQuery } from './requestTexts.ts';
import type { ParameterShape } from './route.ts';

/** A year, and some days before it to compare with. */
const maxDays = 400;
/** Several times as long as all parameters together. */
const longestQuery = 4_096;

/**
 * The parameters of a request's path and query, checked.
 *
 * @param today the last day that a range without an end can have, `yyyy-MM-dd`
 * @throws Problem 400 that names every parameter which cannot be used
 */
export function readParameters(
  { path, parameters }: { path: string; parameters: ParameterShape },
  request: ApiRequest,
  today: string,
): Record<string, unknown> {
  if (request.query.length > longestQuery) {
    throw new Problem(400, `expected a query of up to ${longestQuery} characters`);
  }
  const inPath = parsePath(path, request.path);
  const inQuery = parseQuery(request.query);
  const problems = [...inPath.problems, ...inQuery.problems];
  for (const name of inQuery.texts.keys()) {
    if (!Object.hasOwn(parameters, name) || inPath.texts.has(name)) {
      problems.push({ name: clip(name, 40), message: 'expected no parameter of that name' });
    }
  }
  const values: Record<string, unknown> = {};
  for (const [name, schema] of Object.entries(parameters)) {
    const texts = inPath.texts.get(name) ?? inQuery.texts.get(name) ?? [undefined];
    if (texts.length > 1) {
      problems.push({ name, message: `expected it once, got it ${texts.length} times` });
    }
    for (const text of texts) {
      const { data, error } = schema.safeParse(text);
      values[name] = data;
      for (const { message } of error?.issues ?? []) problems.push({ name, message });
    }
  }
  problems.push(...checkRange(values, today));
  if (problems.length === 0) return values;
  throw new Problem(400, 'There are parameters that cannot be used; errors names them.', {
    errors: problems,
  });
}

/** The rules over `from` and `to` together, where a route has them. */
function checkRange({ from, to }: Record<string, unknown>, today: string): ParameterProblem[] {
  if (typeof from !== 'string') return [];
  if (typeof to === 'string' && from > to) {
    return [{ name: 'from', message: `expected a date up to "${to}", got "${from}"` }];
  }
  const end = typeof to === 'string' ? to : today;
  const days = daysBetween(from, end) + 1;
  if (days <= maxDays) return [];
  const range = `a range of up to ${maxDays} days`;
  return [{ name: 'from', message: `expected ${range}, got ${days} from "${from}" to "${end}"` }];
}
