import { randomUUID } from 'node:crypto';
import { type Clock, systemClock } from '../clock.ts';
import type { PartnerCenterConfig } from '../config/config.ts';
import { createProxyOf } from '../network/proxy.ts';
import { createTransport } from '../network/transport.ts';
import { PartnerCenterClient } from '../partner-center/client.ts';
import { Connection } from '../partner-center/connection.ts';
import { Gate } from '../partner-center/gate.ts';
import {
  type AuthorizationCodeFlow,
  createAuthorizationCodeFlow,
} from '../sign-in/authorizationCode.ts';
import type { RefreshTokenStore } from '../sign-in/refreshTokenStore.ts';
import { createRefreshTokenStore, toTokenEndpoint } from './signInParts.ts';

/** The parts for a user's sign-in, before there is a refresh token. */
export interface InteractiveSignIn {
  readonly flow: AuthorizationCodeFlow;
  /** Where the refresh token is stored. */
  readonly refreshTokenStore: RefreshTokenStore;
  /** A client that uses this access token instead of the stored sign-in. */
  connect(accessToken: string, signal: AbortSignal): PartnerCenterClient;
  /** Closes connections. */
  close(): Promise<void>;
}

export function createInteractiveSignIn(
  partnerCenter: PartnerCenterConfig,
  clock: Clock = systemClock,
): InteractiveSignIn {
  const random = Math.random;
  const gate = new Gate({ concurrency: 1, limitedPerMinute: 0, clock });
  const proxyOf = createProxyOf(partnerCenter.proxy);
  const transport = createTransport({ connections: 1, proxyOf });
  const { baseUrl } = partnerCenter;
  return {
    flow: createAuthorizationCodeFlow({ ...toTokenEndpoint(partnerCenter, clock), random }),
    refreshTokenStore: createRefreshTokenStore(partnerCenter),
    connect(accessToken, signal) {
      const getToken = async () => accessToken;
      const ofNone = { tokenRequests: 0, refreshTokenAgeDays: undefined };
      const credential = { getToken, renewToken: getToken, ...ofNone };
      const correlationId = randomUUID();
      const parts = { baseUrl, credential, gate, transport: transport.send, clock, random };
      return new PartnerCenterClient(new Connection({ ...parts, correlationId, signal }));
    },
    close: transport.close,
  };
}
