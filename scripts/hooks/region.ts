import { type AzdEnvironment, CommandError, type RunCommand } from './commands.ts';

/**
 * Before the first deployment: whether the region has Flex Consumption. It is not asked where `az`
 * is not signed in; Azure refuses such a region as well, with a message of its own.
 *
 * @throws Error with the regions that there are
 */
export function checkRegion({ env, run }: { env: AzdEnvironment; run: RunCommand }): void {
  const location = env['AZURE_LOCATION'];
  if (!location || env['SERVICE_API_URI']) return;
  const regions = listRegions(run);
  if (regions.length === 0 || regions.includes(location)) return;
  throw new Error(
    `The region ${location} (AZURE_LOCATION) has no Flex Consumption. Regions that have it: ` +
      `${regions.toSorted().join(', ')}. A region cannot be changed: begin with "azd env new".`,
  );
}

function listRegions(run: RunCommand): string[] {
  const list = ['functionapp', 'list-flexconsumption-locations'];
  try {
    return run('az', [...list, '--query', '[].name', '--output', 'tsv'])
      .split(/\s+/)
      .filter(Boolean);
  } catch (error) {
    if (error instanceof CommandError) return [];
    throw error;
  }
}
