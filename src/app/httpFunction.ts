import type {
  HttpFunctionOptions,
  HttpMethod,
  HttpRequest,
  HttpResponseInit,
  InvocationContext,
} from '@azure/functions';
import { readHttpAccess } from '../config/registration.ts';
import { type HttpFunctionName, pagePaths, routePaths } from '../http/routePaths.ts';

/**
 * All methods of requests to a route. The host answers 404 to a method that a function does not
 * name (azure-functions-host #10098), so that only the app can answer 405. Handlers cannot get
 * TRACE and CONNECT.
 */
const methods: HttpMethod[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** Registers the function of a route or a page, also where settings are invalid. */
export function httpFunction(name: HttpFunctionName): HttpFunctionOptions {
  const { path, access } = { ...routePaths, ...pagePaths }[name];
  const needsKey = access === 'data' && readHttpAccess().httpAuth === 'key';
  return {
    route: path,
    methods,
    authLevel: needsKey ? 'function' : 'anonymous',
    handler: (request, context) => answer(name, request, context),
  };
}

async function answer(
  name: HttpFunctionName,
  request: HttpRequest,
  context: InvocationContext,
): Promise<HttpResponseInit> {
  // Loaded with the first request, as functions have to register fast.
  const { answerFunction } = await import('../http/functionAdapter.ts');
  const { servicesOf } = await import('./functionServices.ts');
  return answerFunction(name, request, servicesOf(context));
}
