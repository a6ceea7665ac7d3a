import * as z from 'zod';
import { component, components } from './component.ts';
import { mediaTypes } from './format.ts';
import { type ProblemStatus, problemSchema, problemStatuses } from './problem.ts';
import { nameInBraces } from './requestTexts.ts';
import { columnsOf, type DataRoute, type OpenRoute, type Route, type TextRoute } from './route.ts';
import { routePaths } from './routePaths.ts';

const description = component(
  'Description',
  z.record(z.string(), z.unknown()).meta({ description: 'This document (OpenAPI 3.1)' }),
);

/** @param listRoutes the routes to describe; called only after all of them are defined */
export function createOpenApiRoute(listRoutes: () => readonly Route[]): OpenRoute {
  let body: string | undefined;
  return {
    name: 'getOpenApi',
    access: 'open',
    summary: 'The description of the API',
    description: 'OpenAPI 3.1.',
    answer: description,
    statuses: ['200'],
    async respond() {
      body ??= JSON.stringify(describeApi(listRoutes()));
      const headers = {
        'content-type': 'application/json',
        'cache-control': 'public, max-age=3600',
      };
      return { status: 200, headers, body };
    },
  };
}

/** The description of the API (OpenAPI 3.1), from the schemas that check and make its answers. */
export function describeApi(routes: readonly Route[]): object {
  return {
    openapi: '3.1.1',
    info: {
      title: 'CSP usage snapshots',
      version: '1.0.0',
      description:
        "What a Microsoft CSP partner's customers have spent on Azure, day by day. Figures are Partner Center's estimates, in the billing currency, and not for billing. Days are UTC; a range has both its ends.",
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/api' }],
    paths: Object.fromEntries(
      routes.map((route) => [`/${routePaths[route.name].path}`, { get: describeRoute(route) }]),
    ),
    components: { schemas: describeSchemas(), responses: problemResponses(), securitySchemes },
  };
}

/** Azure Functions: access keys. Where the app signs people in, no key is needed. */
const securitySchemes = {
  functionKey: { type: 'apiKey', in: 'header', name: 'x-functions-key' },
  functionKeyInQuery: { type: 'apiKey', in: 'query', name: 'code' },
};

const securityOfData = Object.keys(securitySchemes).map((scheme) => ({ [scheme]: [] }));

function describeRoute(route: Route): object {
  const { name, summary, description } = route;
  return {
    operationId: name,
    summary,
    description,
    ...describeAccess(route),
  };
}

function describeAccess(route: Route): object {
  if (route.access === 'open') return describeOpenRoute(route);
  return describeReading(route, 'write' in route ? describeText(route) : describeAnswer(route));
}

/** @param answer the answer 200 */
function describeReading(
  { name, parameters }: DataRoute | TextRoute,
  answer: { headers: object },
): object {
  const { path } = routePaths[name];
  const inPath = new Set(path.split('/').map(nameInBraces));
  const isOfOne = path.includes('{');
  return {
    security: securityOfData,
    parameters: Object.entries(parameters).map(([name, schema]) => {
      const { description, ...rest } = toJsonSchema(schema);
      const isInPath = inPath.has(name);
      const place = isInPath ? { in: 'path', required: true } : { in: 'query' };
      return { name, ...place, description, schema: rest };
    }),
    responses: {
      '200': answer,
      '304': { description: 'The answer is the one that If-None-Match names' },
      ...problemReferences(400, 401, ...(isOfOne ? [404 as const] : [])),
      ...problemReferences(405, 406, 421, 500, 503),
    },
  };
}

function describeAnswer(route: DataRoute) {
  const lines = route.rows.map((row) => components.get(row)?.id ?? 'row').join(' or ');
  const columns = route.rows.map((row) => columnsOf(row).join(',')).join(' or ');
  return {
    description: route.summary,
    headers: {
      ETag: { description: 'Of JSON', schema: { type: 'string' } },
      ...('continuation' in route.parameters && { Link: linkHeader }),
    },
    content: {
      [mediaTypes.json]: { schema: referenceTo(route.answer) },
      [mediaTypes.csv]: { schema: { type: 'string', description: `RFC 4180, with ${columns}` } },
      [mediaTypes.ndjson]: { schema: { type: 'string', description: `A ${lines} on each line` } },
    },
  };
}

const linkHeader = {
  description: 'Of CSV and NDJSON: the next page, as `rel="next"`, relative to this one',
  schema: { type: 'string' },
};

function describeText({ summary, content, headers = {} }: TextRoute) {
  return {
    description: summary,
    headers: {
      ETag: { schema: { type: 'string' } },
      ...mapValues(headers, (description) => ({ description, schema: { type: 'string' } })),
    },
    content: mapValues(content, (schema) => ({ schema })),
  };
}

function mapValues<Value>(
  values: Readonly<Record<string, Value>>,
  map: (value: Value) => object,
): Record<string, object> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, map(value)]));
}

function describeOpenRoute({ answer, summary, statuses }: OpenRoute): object {
  const content = { [mediaTypes.json]: { schema: referenceTo(answer) } };
  const described = statuses.map((status) => [status, { description: summary, content }]);
  const responses = { ...Object.fromEntries(described), ...problemReferences(405, 421, 500) };
  return { security: [], responses };
}

function problemReferences(...statuses: readonly ProblemStatus[]): object {
  const references = statuses.map((status) => [
    status,
    { $ref: `#/components/responses/${problemStatuses[status][0]}` },
  ]);
  return Object.fromEntries(references);
}

function problemResponses(): object {
  const content = { 'application/problem+json': { schema: referenceTo(problemSchema) } };
  const responses = Object.values(problemStatuses).map(([id, description]) => [
    id,
    { description, content },
  ]);
  return Object.fromEntries(responses);
}

function describeSchemas(): object {
  const { schemas } = z.toJSONSchema(components, { ...schemaOptions, uri: uriOf });
  return Object.fromEntries(
    Object.entries(schemas).map(([id, { $schema: _, $id: _id, ...schema }]) => [id, schema]),
  );
}

interface SchemaMade {
  zodSchema: z.core.$ZodTypes;
  jsonSchema: z.core.JSONSchema.BaseSchema;
}

const schemaOptions = {
  // An amount is a custom type, whose metadata gives its JSON type.
  unrepresentable: 'any',
  override: ({ zodSchema, jsonSchema }: SchemaMade) => {
    // Later versions may add a field.
    delete jsonSchema.additionalProperties;
    // Zod leaves out a default before a transform.
    const meta = z.globalRegistry.get(zodSchema);
    if (meta?.['default'] !== undefined) jsonSchema.default = meta['default'];
  },
} as const;

const uriOf = (id: string) => `#/components/schemas/${id}`;

/** A schema of an answer by its name. */
function referenceTo(schema: z.ZodType): object {
  const id = components.get(schema)?.id;
  if (id === undefined) throw new Error('expected a schema that is a component');
  return { $ref: uriOf(id) };
}

function toJsonSchema(parameter: z.ZodType): Record<string, unknown> {
  const { $schema: _, ...schema } = z.toJSONSchema(parameter, { ...schemaOptions, io: 'input' });
  return schema;
}
