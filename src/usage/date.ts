const datePattern = /^\d{4}-\d{2}-\d{2}$/;

/** The UTC date of an instant, `yyyy-MM-dd`. */
export function utcDateOf(epochMs: number): string {
  return new Date(epochMs).toISOString().slice(0, 10);
}

/** Whether a text is a date that exists, written `yyyy-MM-dd`. */
export function isDate(text: string): boolean {
  if (!datePattern.test(text)) return false;
  const epochMs = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(epochMs) && utcDateOf(epochMs) === text;
}
