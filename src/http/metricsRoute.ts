import type { RegistryContentType } from 'prom-client';
import type { HistoryContext } from '../history/historyContext.ts';
import type { HistoryStores } from '../history/historyStores.ts';
import { readMetrics } from '../history/metrics.ts';
import { chooseByAccept } from './format.ts';
import type { TextRoute } from './route.ts';

/** After this the tables are read again. */
const keptMs = 60_000;

interface KeptText {
  readAtMs: number;
  text: Promise<string>;
}

/** By what was read, and by content type. */
const kept = new WeakMap<HistoryStores, Map<string, KeptText>>();

const contentTypes: Record<RegistryContentType, string> = {
  'application/openmetrics-text; version=1.0.0; charset=utf-8': 'application/openmetrics-text',
  'text/plain; version=0.0.4; charset=utf-8': 'text/plain',
};

const parameters = {};

export const metricsRoute: TextRoute<typeof parameters> = {
  name: 'getMetrics',
  access: 'data',
  summary: 'The figures of the latest night, for Prometheus',
  description:
    'OpenMetrics 1.0, or the text format 0.0.4 where Accept does not take it. Read from the tables at most once a minute. What is not known has no sample. With the setting METRICS_PER_CUSTOMER also the figures of each customer.',
  parameters,
  content: Object.fromEntries(
    Object.values(contentTypes).map((mediaType) => [mediaType, { type: 'string' }]),
  ),
  async write(_parameters, accept, context) {
    const contentType = chooseByAccept(contentTypes, accept);
    const text = await readOnce(contentType, context);
    return { text, headers: { 'content-type': contentType } };
  },
};

/** Texts are kept, so that several scrapers together cost one reading. */
async function readOnce(
  contentType: RegistryContentType,
  context: HistoryContext,
): Promise<string> {
  const texts = textsOf(context);
  const known = texts.get(contentType);
  if (known && context.now() - known.readAtMs < keptMs) return known.text;
  const fresh = { readAtMs: context.now(), text: read(contentType, context) };
  texts.set(contentType, fresh);
  try {
    return await fresh.text;
  } catch (error) {
    if (texts.get(contentType) === fresh) texts.delete(contentType);
    throw error;
  }
}

function textsOf({ stores }: HistoryContext): Map<string, KeptText> {
  const texts = kept.get(stores) ?? new Map<string, KeptText>();
  kept.set(stores, texts);
  return texts;
}

async function read(contentType: RegistryContentType, context: HistoryContext): Promise<string> {
  // Loaded with the first request for metrics, as it brings a library that no other route needs.
  const { writeMetrics } = await import('./metricsText.ts');
  return writeMetrics(await readMetrics(context), contentType);
}
