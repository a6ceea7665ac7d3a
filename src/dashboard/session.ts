import { signal } from '@preact/signals';

/** The key of this tab. It is sent as a header alone, and gone when the tab is closed. */
const keyName = 'functionKey';
const signInName = 'signIn';

/** What has to be done before there are figures. */
export const barrier = signal<'none' | 'key' | 'wrongKey' | 'signIn'>('none');
/** Who is signed in, where that is known. */
export const userName = signal('');
/** Counts the keys that were given, so that what failed is asked for again. */
export const session = signal(0);
export const hasKey = signal(sessionStorage.getItem(keyName) !== null);

export function headersOfSession(): Record<string, string> {
  const key = sessionStorage.getItem(keyName);
  return key === null ? {} : { 'x-functions-key': key };
}

export function giveKey(key: string): void {
  sessionStorage.setItem(keyName, key);
  hasKey.value = true;
  restart();
}

export function forgetKey(): void {
  sessionStorage.removeItem(keyName);
  hasKey.value = false;
  restart();
}

function restart(): void {
  barrier.value = 'none';
  session.value += 1;
}

/** After an answer 401 or 403: App Service has `/.auth/me` where it signs people in. */
export async function askForAccess(): Promise<void> {
  if (barrier.value !== 'none') return;
  const { status } = await fetch('/.auth/me').catch(() => ({ status: 0 }));
  if (status === 200 || status === 401 || status === 403) barrier.value = 'signIn';
  else barrier.value = hasKey.value ? 'wrongKey' : 'key';
}

/** Leaves for the sign-in, and notes what was shown: a redirect would lose a fragment. */
export function signIn(): void {
  sessionStorage.setItem(signInName, location.hash);
  const back = encodeURIComponent(location.pathname);
  location.assign(`/.auth/login/aad?post_login_redirect_uri=${back}`);
}

/** After the sign-in: shows again what was shown before, and who it is. */
export async function returnFromSignIn(): Promise<void> {
  const fragment = sessionStorage.getItem(signInName);
  if (fragment === null) return;
  if (location.hash === '') location.hash = fragment;
  const answer = await fetch('/.auth/me').catch(() => undefined);
  if (!answer?.ok) return;
  const [identity] = (await answer.json()) as { user_id?: string }[];
  userName.value = identity?.user_id ?? '';
}
