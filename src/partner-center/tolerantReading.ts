import * as z from 'zod';
import type { UnreadableField } from '../usage/unreadableField.ts';

/** The readable part of an object. */
export interface Reading<T> {
  value: T;
  /** Fields that were left out, as they could not be read. */
  unreadable: UnreadableField[];
}

/** The result of reading a value by a schema. */
export type ReadResult<T> =
  | { success: true; data: T }
  | { success: false; error: z.ZodError<unknown> };

/**
 * Reads an object by its schema, without the optional fields that the schema rejects. A required
 * field that is rejected fails the object.
 *
 * @param object is changed: fields that cannot be read are removed
 */
export function readTolerantly<T>(schema: z.ZodType<T>, object: unknown): ReadResult<Reading<T>> {
  const unreadable: UnreadableField[] = [];
  const issues: z.core.$ZodIssue[] = [];
  for (;;) {
    const parsed = schema.safeParse(object);
    if (parsed.success) return { success: true, data: { value: parsed.data, unreadable } };
    const before = unreadable.length;
    for (const issue of parsed.error.issues) {
      const found = takeOut(object, issue.path);
      if (found === undefined) continue;
      issues.push(issue);
      unreadable.push({ field: nameOf(issue), kind: kindOf(found, issue) });
    }
    // Each round removes a field, so the loop ends.
    if (unreadable.length === before) {
      const [missing] = parsed.error.issues;
      const removed = issues.find((issue) => missing && nameOf(issue) === nameOf(missing));
      return { success: false, error: removed ? new z.ZodError([removed]) : parsed.error };
    }
  }
}

const nameOf = ({ path }: z.core.$ZodIssue) => path.join('.');

/** Removes the value at a path; `undefined` where there is none, and for the whole object. */
function takeOut(object: unknown, path: PropertyKey[]): unknown {
  const last = path.at(-1);
  let parent = object;
  for (const key of path.slice(0, -1)) parent = childOf(parent, key);
  const found = last === undefined ? undefined : childOf(parent, last);
  if (found !== undefined && last !== undefined) Reflect.deleteProperty(Object(parent), last);
  return found;
}

function childOf(parent: unknown, key: PropertyKey): unknown {
  return typeof parent === 'object' && parent !== null ? Reflect.get(parent, key) : undefined;
}

/** The kind of value in a field that cannot be read, never its text. */
function kindOf(value: unknown, issue: z.core.$ZodIssue): string {
  if (value === '') return 'an empty string';
  if (typeof value === 'string') {
    const kindOfText = issue.code === 'custom' ? issue.params?.['kindOf'] : undefined;
    if (typeof kindOfText === 'function') return String(kindOfText(value));
    return isNumberLiteral(value) ? 'a number' : 'a text';
  }
  if (typeof value === 'boolean') return 'true or false';
  if (value === null) return 'null';
  return Array.isArray(value) ? 'a list' : 'an object';
}

/** Whether a text is a JSON number; numbers of a body are read as such texts. */
export function isNumberLiteral(text: string): boolean {
  return /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(text);
}

/** The place and the expectation of the first problem, never the value. */
export function describeIssue(error: z.ZodError): string {
  const [issue] = error.issues;
  return `${issue?.path.join('.') || 'body'}: ${issue?.message}`;
}
