/** The environment's variables as settings: `undefined` is not set. */
export type GivenSettings = Readonly<Record<string, string | undefined>>;

/** White space around a value is removed; a blank value counts as not set. */
export function settingsIn(env: NodeJS.ProcessEnv): GivenSettings {
  const given = Object.fromEntries(
    Object.entries(env).map(([name, value]) => [name, value?.trim() || undefined]),
  );
  // As with other programs, the name may be in lower case, which takes precedence.
  for (const name of ['HTTPS_PROXY', 'HTTP_PROXY', 'NO_PROXY']) {
    given[name] = given[name.toLowerCase()] ?? given[name];
  }
  return given;
}

export function isTrue(value: string | undefined): boolean {
  return value?.toLowerCase() === 'true';
}
