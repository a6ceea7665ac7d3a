import { signal } from '@preact/signals';

/** The key of this tab. It is sent as a header alone, and gone when the tab is closed. */
const keyName = 'functionKey';
/** In the tab: what was shown before the sign-in. In the browser: that this app has one. */
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
  localStorage.setItem(signInName, '');
  const back = encodeURIComponent(location.pathname);
  location.assign(`/.auth/login/aad?post_login_redirect_uri=${back}`);
}

/** Shows again what was shown before a sign-in, and who is signed in. */
export async function returnFromSignIn(): Promise<void> {
  // Where no one signs in, there is no one to ask for.
  if (localStorage.getItem(signInName) === null) return;
  const fragment = sessionStorage.getItem(signInName) ?? '';
  sessionStorage.removeItem(signInName);
  if (location.hash === '') location.hash = fragment;
  const answer = await fetch('/.auth/me').catch(() => undefined);
  if (!answer?.ok) return;
  const [identity] = (await answer.json()) as { user_id?: string }[];
  userName.value = identity?.user_id ?? '';
}
