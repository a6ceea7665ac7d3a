import type { HttpResponse } from '../network/transport.ts';
import { type ErrorBody, readErrorBody } from './errorBody.ts';

/**
 * Code 3000 has several meanings: "Customer does not have usage data." (microsoft/
 * Partner-Center-PowerShell#76), "Invalid property" (Partner Center: error codes), and with status
 * 404 a partner organization that could not be found (Partner Center: a sample of the error codes).
 * Only its text distinguishes them; it is in English, as requests name `X-Locale: en-US`.
 */
export const noUsageCode = '3000';
const knownText = /\bdoes not have (?:any )?usage data\b/i;

/** Words of a text that refuses the caller. */
const refusal =
  /relationship|permission|privilege|\brights?\b(?! now)|authori[sz]|access (?:is )?denied|forbidden/i;
/** Words of a text about an unknown customer or partner, unless it is about missing usage. */
const resourceWord = /\b(?:customer|partner|organi[sz]ation|tenant)\b/i;
const unknown =
  /\bunknown\b|(?:not|n't) (?:be )?(?:found|known|exist|recogni[sz]ed)\b|\bno such\b/i;

/** Whether an answer with code 3000 refuses the caller. */
export function isRefusalByText({ code, text }: ErrorBody): boolean {
  if (code !== noUsageCode || knownText.test(text)) return false;
  if (refusal.test(text)) return true;
  return resourceWord.test(text) && unknown.test(text) && !/\busage\b/i.test(text);
}

/** Whether a summary's answer means "no usage data", and whether its text is known. */
export function readNoUsage(response: HttpResponse): { isFamiliar: boolean } | undefined {
  if (response.status === 204) return { isFamiliar: true };
  if (response.status !== 400 && response.status !== 404) return undefined;
  const body = readErrorBody(response);
  if (body.code !== noUsageCode || isRefusalByText(body)) return undefined;
  return { isFamiliar: knownText.test(body.text) };
}
