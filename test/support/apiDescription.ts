import { Ajv2020 } from 'ajv/dist/2020.js';
import formatsPlugin from 'ajv-formats';
import { describeApi } from '../../src/http/openApi.ts';
import { type RouteName, routePaths } from '../../src/http/routePaths.ts';
import { routes } from '../../src/http/routes.ts';

type Json = Record<string, unknown>;

interface Operation {
  operationId: string;
  security?: object[];
  responses?: Json;
}

/** The description of the API, as a client gets it. */
export const description = JSON.parse(JSON.stringify(describeApi(Object.values(routes)))) as {
  paths: Record<string, { get: Operation }>;
  components: { schemas: Json; responses: Json };
};

const ajv = new Ajv2020({ strict: false, allErrors: true });
formatsPlugin.default(ajv);
ajv.addSchema(closed(description), 'api');

/** The same with no field allowed that it does not name. */
function closed(node: object): Json {
  return JSON.parse(JSON.stringify(node), (_key, value) =>
    isDescribedObject(value) ? { ...value, additionalProperties: false } : value,
  ) as Json;
}

function isDescribedObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && 'properties' in value;
}

/** The route of a path below `api/`; undefined where there is none. */
export function findRouteName(path: string): RouteName | undefined {
  const parts = path.split('/');
  const names = Object.keys(routePaths) as RouteName[];
  return names.find((name) => {
    const expected = routePaths[name].path.split('/');
    const isAlike = expected.every((part, at) => part.startsWith('{') || part === parts[at]);
    return isAlike && expected.length === parts.length;
  });
}

/** @throws Error where an answer is not as the route's description says */
export function checkDescribed(
  name: RouteName,
  answer: { status: number; mediaType: string; text: string },
): void {
  const where = `the answer ${answer.status} (${answer.mediaType}) of ${name}`;
  const { responses }: Partial<Operation> =
    description.paths[`/${routePaths[name].path}`]?.get ?? {};
  const { content } = resolve(responses?.[answer.status]) as { content?: Json };
  const { schema } = (content?.[answer.mediaType] ?? {}) as { schema?: { $ref?: string } };
  if (schema === undefined) throw new Error(`expected a description of ${where}`);
  if (schema.$ref === undefined) return;
  const validate = ajv.getSchema(`api${schema.$ref}`);
  if (!validate?.(JSON.parse(answer.text))) {
    throw new Error(`${where}: ${ajv.errorsText(validate?.errors)}\n${answer.text.slice(0, 500)}`);
  }
}

function resolve(node: unknown): Json {
  const { $ref } = (node ?? {}) as { $ref?: string };
  if ($ref === undefined) return (node ?? {}) as Json;
  const parts = $ref.replace('#/', '').split('/');
  return parts.reduce<Json>((at, part) => at[part] as Json, description as unknown as Json);
}
