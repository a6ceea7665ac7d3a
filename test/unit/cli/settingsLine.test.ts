import { describe, expect, it } from 'vitest';
import { toSettingsLine } from '../../../src/cli/settingsLine.ts';

describe('a line of settings for another terminal', () => {
  const settings = { SNAPSHOT_STORAGE: 'a=b;c=$d', PARTNER_CENTER_CLIENT_SECRET: "it's" };

  it('exports them in a shell of POSIX, whatever is in them', () => {
    expect(toSettingsLine(settings, 'linux')).toBe(
      "export SNAPSHOT_STORAGE='a=b;c=$d' PARTNER_CENTER_CLIENT_SECRET='it'\\''s'",
    );
  });

  it('sets them in PowerShell on Windows', () => {
    expect(toSettingsLine(settings, 'win32')).toBe(
      "$env:SNAPSHOT_STORAGE='a=b;c=$d'; $env:PARTNER_CENTER_CLIENT_SECRET='it''s'",
    );
  });
});
