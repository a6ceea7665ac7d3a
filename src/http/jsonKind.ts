import * as z from 'zod';
import type { Amount } from '../usage/amount.ts';
import type { RawNumber } from '../usage/exactJson.ts';

/** Schemas of the kinds of value in answers. */

export const date = (description?: string) =>
  z.string().meta({ format: 'date', ...(description !== undefined && { description }) });

export const timestamp = (description: string) =>
  z.string().meta({ format: 'date-time', description });

/** A number in JSON; a literal in the program, as a double would lose digits. */
export const amount = (description: string) =>
  z.custom<RawNumber>().meta({ type: 'number', description });

export const count = (description?: string) =>
  z.int().meta({ minimum: 0, ...(description !== undefined && { description }) });

export const outcome = z.enum(['usage', 'noUsage', 'refused', 'failed']);
export const outcomeOrMissing = z.enum([...outcome.options, 'missing']);
export const plan = z.enum(['azurePlan', 'payAsYouGo']);
export const currency = z.string().meta({ description: 'ISO 4217; XXX where it cannot be told' });
export const id = z.string().meta({ description: 'A GUID in lower case' });
export const azureSubscriptionId = z.string().meta({
  description:
    'A GUID in lower case; `unassigned` where records name none, `meters` of a legacy subscription',
});
export const causes = z
  .string()
  .meta({ description: "The largest changes of that day's cost, as text; null where not known" })
  .nullable();

/** An amount as a JSON number with all its digits. */
export function toJsonNumber(literal: Amount): RawNumber;
export function toJsonNumber(literal: Amount | null | undefined): RawNumber | null;
export function toJsonNumber(literal: Amount | null | undefined): RawNumber | null {
  return literal === null || literal === undefined ? null : JSON.rawJSON(literal);
}
