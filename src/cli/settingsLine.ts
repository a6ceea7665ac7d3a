/**
 * A line that sets settings in the shell of another terminal: for PowerShell on Windows, for the
 * shells of POSIX elsewhere.
 */
export function toSettingsLine(
  settings: Readonly<Record<string, string>>,
  platform: NodeJS.Platform = process.platform,
): string {
  const entries = Object.entries(settings);
  if (platform === 'win32') {
    return entries
      .map(([name, value]) => `$env:${name}='${value.replaceAll("'", "''")}'`)
      .join('; ');
  }
  const values = entries.map(([name, value]) => `${name}='${value.replaceAll("'", "'\\''")}'`);
  return `export ${values.join(' ')}`;
}
