import * as z from 'zod';

/**
 * An object whose fields are read in any case, as Microsoft's own clients read them: `TotalCost`,
 * `Items` (Partner Center's .NET SDK deserializes with Newtonsoft.Json). A field in the documented
 * case takes precedence. The object is changed while it is read.
 */
export function anyCase<Shape extends z.ZodRawShape>(schema: z.ZodObject<Shape>) {
  const names = new Map(Object.keys(schema.shape).map((name) => [name.toLowerCase(), name]));
  const documented = new Set(names.values());
  return z.preprocess((value) => {
    if (isObject(value)) {
      for (const key of Object.keys(value)) {
        if (!documented.has(key)) rename(value, key, names.get(key.toLowerCase()));
      }
    }
    return value;
  }, schema);
}

function rename(object: Record<string, unknown>, key: string, name: string | undefined): void {
  if (name === undefined || Object.hasOwn(object, name)) return;
  object[name] = object[key];
  delete object[key];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
