import { runCommand, setValue } from './commands.ts';
import { computeFirstNight } from './firstNight.ts';
import { checkRegion } from './region.ts';
import { ensureRegistration, needsRegistration } from './signInRegistration.ts';

/** Run by azd before it deploys the templates. */

const deployment = { env: process.env, run: runCommand };
const { env } = deployment;

try {
  checkRegion(deployment);
  const firstNight = computeFirstNight(env, Date.now());
  if (firstNight) setValue(deployment, 'FIRST_NIGHT', firstNight);
  if (needsRegistration(env)) {
    setValue(deployment, 'SIGN_IN_REGISTRATION_CLIENT_ID', ensureRegistration(deployment));
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
