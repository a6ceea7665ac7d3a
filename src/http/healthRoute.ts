import * as z from 'zod';
import { ConfigurationError } from '../errors.ts';
import { checkHealth, type Health } from '../history/health.ts';
import type { ApiServices } from './apiServices.ts';
import { component } from './component.ts';
import { date } from './jsonKind.ts';
import type { OpenRoute } from './route.ts';
import { settingNamesIn } from './settingNames.ts';

const health = component(
  'Health',
  z.object({
    status: z.enum(['healthy', 'unhealthy']),
    latestCompleteDate: date('The latest day with a complete run, of the last weeks').nullable(),
    reasons: z.array(z.string()),
  }),
);

export const healthRoute: OpenRoute = {
  name: 'getHealth',
  access: 'open',
  summary: 'Whether the history is kept: 200 while a complete run ended at most 26 hours ago',
  description: 'Shows no value of a setting and nothing of a customer.',
  answer: health,
  statuses: ['200', '503'],
  async respond(services) {
    const { isHealthy, latestCompleteDate = null, reasons } = await check(services);
    const document: z.infer<typeof health> = {
      status: isHealthy ? 'healthy' : 'unhealthy',
      latestCompleteDate,
      reasons,
    };
    return {
      status: isHealthy ? 200 : 503,
      headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
      body: JSON.stringify(document),
    };
  },
};

async function check(services: ApiServices): Promise<Health> {
  const bad = services.listBadSettings();
  if (bad.length > 0) return ofSettings(bad);
  try {
    const found = await checkHealth(await services.openHistory());
    if (found.cause !== undefined) services.onError(found.cause);
    return found;
  } catch (error) {
    if (error instanceof ConfigurationError) return ofSettings(settingNamesIn(error));
    throw error;
  }
}

/** Only names of settings, as the route is public. */
function ofSettings(names: readonly string[]): Health {
  const reasons = [`settings that are missing or not valid: ${names.join(', ')}`];
  return { isHealthy: false, reasons };
}
