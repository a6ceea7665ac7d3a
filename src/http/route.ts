import type { z } from 'zod';
import type { HistoryContext } from '../history/historyContext.ts';
import type { ApiRequest, ApiResponse } from './apiRequest.ts';
import type { ApiServices } from './apiServices.ts';
import type { Format } from './format.ts';
import type { RouteName } from './routePaths.ts';
import type { Row } from './rows.ts';

/** Parameters by name; those that are named in the route's path are read from it. */
export type ParameterShape = Record<string, z.ZodType<unknown, string | undefined>>;

interface RouteFacts {
  name: RouteName;
  summary: string;
  description: string;
}

/** A route that reads the history, as JSON or as rows. */
export interface DataRoute<Shape extends ParameterShape = ParameterShape> extends RouteFacts {
  access: 'data';
  parameters: Shape;
  /** The JSON document that it answers. */
  answer: z.ZodType;
  /** Schemas of a row: the columns of CSV, the names of NDJSON. */
  rows: readonly z.ZodObject[];
  /** @throws Problem 404 where there is nothing of that id */
  // A method, as its parameters are then compared bivariantly: each DataRoute<Shape> is a Route.
  handle(
    parameters: z.output<z.ZodObject<Shape>> & { format: Format },
    context: HistoryContext,
  ): Promise<DataAnswer>;
}

/** A route that reads the history and answers a text of its own formats. */
export interface TextRoute<Shape extends ParameterShape = ParameterShape> extends RouteFacts {
  access: 'data';
  parameters: Shape;
  /** The media types of its answers with what each is (JSON Schema). */
  content: Readonly<Record<string, { type: 'object' | 'string'; description?: string }>>;
  /** Headers of its own with what they say. */
  headers?: Readonly<Record<string, string>>;
  /** @throws Problem 404 where there is nothing of that id, 406 where `Accept` takes no format */
  write(
    parameters: z.output<z.ZodObject<Shape>>,
    accept: string | undefined,
    context: HistoryContext,
  ): Promise<TextAnswer>;
}

/** A public route, without data of customers. */
export interface OpenRoute extends RouteFacts {
  access: 'open';
  /** The JSON document that it answers. */
  answer: z.ZodType;
  /** All statuses of answers with its document. */
  statuses: readonly string[];
  respond(services: ApiServices, request: ApiRequest): Promise<ApiResponse>;
}

export type Route = DataRoute | TextRoute | OpenRoute;

/** The same answer in two shapes, each computed on demand. */
export interface DataAnswer {
  document(): object;
  rows(): Iterable<Row>;
  columns: readonly string[];
  /** Name of a file for the rows, without extension. */
  fileName: string;
  /** Where the next page begins; absent at the end. */
  continuation?: string | undefined;
}

export interface TextAnswer {
  text: string;
  /** With `content-type`; names in lower case. */
  headers: Record<string, string>;
}

/** The names of a row's values, in order. */
export function columnsOf(row: z.ZodObject): string[] {
  return Object.keys(row.shape);
}
