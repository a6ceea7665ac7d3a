import { jsonAnswer, type SimulatorAnswer } from './exchange.ts';
import { createGuid } from './guid.ts';
import type { SignInHost } from './signInHost.ts';

/** An error of Entra in place of a token or a code. */
export class Refusal {
  readonly status: number;
  readonly error: string;
  readonly code: number;
  readonly text: string;

  constructor(status: number, error: string, code: number, text: string) {
    this.status = status;
    this.error = error;
    this.code = code;
    this.text = text;
  }
}

/** Entra's fields of an error. */
export function describeRefusal(host: SignInHost, refusal: Refusal) {
  const traceId = createGuid(host.seed, host.nextSerial(), -2);
  const timestamp = `${new Date(host.clock.now()).toISOString().slice(0, 19).replace('T', ' ')}Z`;
  return {
    error: refusal.error,
    error_description: `AADSTS${refusal.code}: ${refusal.text} Trace ID: ${traceId} Correlation ID: ${traceId} Timestamp: ${timestamp}`,
    error_codes: [refusal.code],
    timestamp,
    trace_id: traceId,
    correlation_id: traceId,
  };
}

/** An error of the token endpoint. */
export function refusalAnswer(host: SignInHost, refusal: Refusal): SimulatorAnswer {
  return jsonAnswer(refusal.status, describeRefusal(host, refusal));
}

export function refuseTenant(host: SignInHost, tenant: string): Refusal | undefined {
  if (tenant.toLowerCase() === host.tenantId) return undefined;
  return new Refusal(400, 'invalid_request', 90002, `Tenant '${tenant}' not found.`);
}

export function refuseClientId({ options }: SignInHost, clientId: string): Refusal | undefined {
  if (clientId !== '' && clientId === (options.clientId ?? clientId)) return undefined;
  const text = `Application with identifier '${clientId}' was not found in the directory.`;
  return new Refusal(400, 'unauthorized_client', 700016, text);
}
