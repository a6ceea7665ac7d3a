import * as z from 'zod';

/** The schemas that have a name in the description of the API. */
export const components = z.registry<{ id: string }>();

/** Names a schema, so that the description refers to it. */
export function component<S extends z.ZodType>(id: string, schema: S): S {
  components.add(schema, { id });
  return schema;
}
