import type { ExpectedCustomer } from '../../src/simulator/expectation.ts';
import { createSimulator } from '../../src/simulator/simulator.ts';
import type { SimulatorOptions } from '../../src/simulator/simulatorOptions.ts';
import { createStores } from '../../src/storage/createStores.ts';
import { createTables } from '../../src/storage/tables.ts';
import { parseAmount } from '../../src/usage/amount.ts';
import { addDays } from '../../src/usage/date.ts';
import { figuresOf } from '../../src/usage/usageFigures.ts';
import type { CustomerSnapshot } from '../../src/usage/usageSnapshot.ts';
import type { UsageSummary } from '../../src/usage/usageSummary.ts';
import { forEachOf } from './forEachOf.ts';

const concurrency = 16;

/** Which customers, and which days, both included. */
export interface FilledHistory {
  population: Pick<SimulatorOptions, 'customers' | 'subscriptionsPerCustomer'>;
  from: string;
  to: string;
}

/**
 * Stores each customer's own rows of earlier days, with the simulator's figures, as a run reads
 * them. The bodies as received are left out, as no run reads them.
 */
export async function fillHistory(
  connectionString: string,
  { population, from, to }: FilledHistory,
): Promise<{ customersWithBudget: number }> {
  const tables = createTables({ connectionString });
  await tables.ensureTables();
  const { usageByCustomer } = createStores(tables);
  const simulator = createSimulator({ ...population, logLimit: 0 });
  const dates: string[] = [];
  for (let date = from; date <= to; date = addDays(date, 1)) dates.push(date);
  const customers = [...simulator.customers()];
  await forEachOf(customers, concurrency, async ({ id }) => {
    await usageByCustomer.upsertCustomer(
      dates.map((date) => rowOf(simulator.expectedCustomer(id, `${date}T02:30:00Z`), date)),
    );
  });
  const withBudget = customers.filter(({ budgetAmount }) => budgetAmount !== undefined);
  return { customersWithBudget: withBudget.length };
}

function rowOf(customer: ExpectedCustomer, snapshotDate: string): CustomerSnapshot {
  return {
    resource: 'customer',
    snapshotDate,
    capturedAt: `${snapshotDate}T02:31:00.000Z`,
    runId: `${snapshotDate.replaceAll('-', '')}T023000000Z-00000000`,
    customerId: customer.id,
    customerName: customer.name,
    outcome: 'usage',
    figures: figuresOf(summaryOf(customer), snapshotDate),
  };
}

function summaryOf(customer: ExpectedCustomer): UsageSummary {
  const { currencyCode, currencyLocale, usdTotalCost, budgetAmount } = customer;
  return {
    billingStartDate: customer.billingStartDate,
    billingEndDate: customer.billingEndDate,
    totalCost: parseAmount(customer.totalCost),
    ...(usdTotalCost !== undefined && { usdTotalCost: parseAmount(usdTotalCost) }),
    ...(currencyCode !== undefined && { currencyCode }),
    ...(currencyLocale !== undefined && { currencyLocale }),
    ...(budgetAmount !== undefined && { budgetAmount: parseAmount(budgetAmount) }),
    lastModifiedDate: customer.lastModifiedDate,
    raw: '',
  };
}
