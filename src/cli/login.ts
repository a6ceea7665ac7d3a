import type { SignInTokens } from '../app/app.ts';
import { createInteractiveSignIn, type InteractiveSignIn } from '../app/interactiveSignIn.ts';
import type { PartnerCenterConfig } from '../config/config.ts';
import { loadPartnerCenterConfig } from '../config/loadConfig.ts';
import { ConfigurationError, RequestError } from '../errors.ts';
import { readAccessToken } from '../sign-in/accessToken.ts';
import { startLoginListener } from '../sign-in/loginListener.ts';
import { askMfaCompliance, judgeMfa, type MfaFinding } from '../sign-in/mfa.ts';
import { openBrowser } from './browser.ts';
import { describeLogin, describeLoginAsJson } from './loginReport.ts';
import { type ExitCode, exitCodes, print, printJson, printProgress } from './terminal.ts';
import { untilTerminated } from './termination.ts';

export interface LoginOptions {
  /** Whether to open the browser as well as print the address. */
  browser: boolean;
  json?: boolean;
}

/** Time for the user: password, MFA, and reading the consent. */
const patienceMinutes = 10;

/** Signs the service user in and stores the refresh token. */
export async function login(options: LoginOptions): Promise<ExitCode> {
  const config = loadPartnerCenterConfig();
  checkPlace(config);
  checkProof(config);
  const signIn = createInteractiveSignIn(config);
  try {
    const outcome = await untilTerminated(async (signal) => {
      await checkStore(signIn);
      const tokens = await askUser(signIn, options, signal);
      const mfa = await examine(signIn, tokens, signal);
      await store(signIn, tokens);
      return { ...readAccessToken(tokens.accessToken), mfa };
    });
    if (options.json) printJson(describeLoginAsJson(outcome, config));
    else for (const line of describeLogin(outcome, config)) print(line);
    return exitCodes.done;
  } finally {
    await signIn.close();
  }
}

function checkPlace({ refreshToken }: PartnerCenterConfig): void {
  if (refreshToken.kind !== 'environment') return;
  throw new ConfigurationError([
    'KEY_VAULT_URI, PARTNER_CENTER_REFRESH_TOKEN_FILE: expected one of them, as a place to keep ' +
      'the refresh token of the sign-in, got PARTNER_CENTER_REFRESH_TOKEN alone, which is read-only',
  ]);
}

/** Microsoft Entra: a managed identity can be used only within Azure. */
function checkProof({ clientAuthentication }: PartnerCenterConfig): void {
  if (clientAuthentication.kind !== 'managedIdentity') return;
  throw new ConfigurationError([
    'PARTNER_CENTER_CLIENT_ASSERTION: a managed identity proves the app in Azure alone, and a ' +
      'sign-in needs a machine with a browser. Give that machine a proof for this one command: add ' +
      'a client secret that expires within days (or a certificate) to the app registration, and in ' +
      'this terminal alone unset PARTNER_CENTER_CLIENT_ASSERTION and set PARTNER_CENTER_CLIENT_SECRET ' +
      '(or PARTNER_CENTER_CLIENT_CERTIFICATE_PATH). Afterwards remove it from the app registration: ' +
      'the refresh token belongs to app and user, and the app in Azure goes on with its identity.',
  ]);
}

/** Checks that the store can be reached before the user signs in. */
async function checkStore({ refreshTokenStore }: InteractiveSignIn): Promise<void> {
  try {
    await refreshTokenStore.get();
  } catch (error) {
    // A file that others may read is accepted here, as it is replaced by one with mode 0600.
    if (!(error instanceof ConfigurationError)) throw error;
  }
}

async function askUser(
  { flow }: InteractiveSignIn,
  options: LoginOptions,
  signal: AbortSignal,
): Promise<SignInTokens> {
  const listener = await startLoginListener();
  try {
    const pending = await flow.begin(listener.redirectUri);
    printProgress(
      `Sign in as the service user, with multi-factor authentication, within ${patienceMinutes} minutes:`,
    );
    printProgress(pending.url);
    if (options.browser) await openBrowser(pending.url);
    printProgress('Where the page there shows an error in place of a sign-in, Ctrl-C ends this.');
    const query = await listener.receive(pending.state, patienceMinutes * 60_000, signal);
    return await pending.redeem(query, signal);
  } finally {
    await listener.close();
  }
}

/** Checks the sign-in with Partner Center before it replaces an older token. */
async function examine(
  signIn: InteractiveSignIn,
  { accessToken }: SignInTokens,
  signal: AbortSignal,
): Promise<MfaFinding> {
  printProgress('Signed in; asking Partner Center whether it accepts the sign-in …');
  const compliance = await askMfaCompliance(signIn.connect(accessToken, signal));
  signal.throwIfAborted();
  return judgeMfa(readAccessToken(accessToken).amr, compliance);
}

async function store(signIn: InteractiveSignIn, { refreshToken }: SignInTokens): Promise<void> {
  try {
    await signIn.refreshTokenStore.set(refreshToken);
  } catch (error) {
    // Our errors contain no secret. Node's quotes the path, which is one if settings were swapped.
    if (error instanceof RequestError) throw error;
    const code = error instanceof Error && 'code' in error ? error.code : 'UNKNOWN';
    throw new Error(
      `PARTNER_CENTER_REFRESH_TOKEN_FILE cannot be written (${code}): its folder has to be there, ` +
        'and to be yours; nothing was stored',
    );
  }
}
