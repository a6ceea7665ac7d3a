import type { Clock } from '../clock.ts';
import type { Faults } from '../simulator/faults.ts';
import type { Quirks } from '../simulator/quirks.ts';
import { type SimulatorServer, startSimulatorServer } from '../simulator/server.ts';
import { defaultClientSecret } from '../simulator/signInOptions.ts';
import { createSimulator, type Simulator } from '../simulator/simulator.ts';

export interface SimulatedPartnerOptions {
  port?: number;
  customers?: number;
  seed?: number;
  clock?: Pick<Clock, 'now'>;
  faults?: Faults;
  quirks?: Quirks;
  /** The app's secret, by default `of-the-simulator`; any other is refused. */
  clientSecret?: string;
  /** Mean time of an answer, in milliseconds. */
  latencyMs?: number;
}

/** A running simulated Partner Center, and the settings to use it. */
export interface SimulatedPartner extends SimulatorServer {
  simulator: Simulator;
  /** All settings except those of the storage. */
  settings: Record<string, string>;
}

export async function startSimulatedPartner(
  options: SimulatedPartnerOptions,
): Promise<SimulatedPartner> {
  const { port, clientSecret = defaultClientSecret, ...rest } = options;
  const simulator = createSimulator({ ...rest, signIn: { clientSecret } });
  const server = await startSimulatorServer(simulator, port === undefined ? {} : { port });
  return {
    ...server,
    simulator,
    settings: {
      PARTNER_CENTER_BASE_URL: server.url,
      PARTNER_CENTER_AUTHORITY_HOST: server.url,
      PARTNER_CENTER_TENANT_ID: simulator.partnerTenantId,
      PARTNER_CENTER_CLIENT_ID: '00000000-0000-4000-8000-000000000001',
      PARTNER_CENTER_CLIENT_SECRET: clientSecret,
      PARTNER_CENTER_REFRESH_TOKEN: simulator.refreshToken,
    },
  };
}
