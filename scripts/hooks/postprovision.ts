import { runCommand } from './commands.ts';
import { completeRegistration, needsRegistration } from './signInRegistration.ts';

/** Run by azd when it has deployed the templates. */

try {
  if (needsRegistration(process.env)) completeRegistration({ env: process.env, run: runCommand });
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
