import { readRawSummary } from '../history/rawSummary.ts';
import { chooseByAccept } from './format.ts';
import { date, guid } from './parameterKind.ts';
import { Problem } from './problem.ts';
import type { TextRoute } from './route.ts';

const parameters = {
  customerId: guid("The customer's tenant"),
  date: date('Default: the latest day with a complete run').optional(),
  subscriptionId: guid('The subscription, or that of the plan; default: the customer').optional(),
};

/** By `content-type`, as Accept names them. */
const json = { 'application/json': 'application/json' };
const plainText = { 'text/plain; charset=utf-8': 'text/plain' };

export const rawRoute: TextRoute<typeof parameters> = {
  name: 'getRaw',
  access: 'data',
  summary: 'The body of a usage summary as Partner Center sent it on a day',
  description:
    'Character by character as received. A body of which only the beginning is stored, as it exceeds a column of the table, is no JSON: it is `text/plain` with the header `raw-truncated`. 404 names the day, and says whether it lacks the row or the row has no body.',
  parameters,
  content: {
    'application/json': { type: 'object', description: 'Of Partner Center (usageSummary)' },
    'text/plain': { type: 'string', description: 'The same; the only one of a truncated body' },
  },
  headers: {
    'raw-truncated': '`true` where only the beginning of the body is stored, else absent',
    'content-disposition': 'A name of a file, with the date',
  },
  async write({ customerId, subscriptionId, date: asked }, accept, context) {
    const resource = { customerId, subscriptionId };
    const found = await readRawSummary({ ...resource, date: asked }, context);
    if (found === undefined) throw new Problem(404, 'There was never a row of that id.');
    const { date, outcome, body: text, isTruncated } = found;
    if (outcome === 'missing') throw new Problem(404, `There is no row of ${date}.`);
    if (text === undefined) {
      throw new Problem(404, `The row of ${date} has no body; its outcome is ${outcome}.`);
    }
    const offered: Record<string, string> = isTruncated ? plainText : { ...json, ...plainText };
    const fileName = `summary-${subscriptionId ?? customerId}-${date}`;
    return {
      text,
      headers: {
        'content-type': chooseByAccept(offered, accept),
        'content-disposition': `inline; filename="${fileName}.${isTruncated ? 'txt' : 'json'}"`,
        ...(isTruncated && { 'raw-truncated': 'true' }),
      },
    };
  },
};
