import { type BillingPeriod, billingPeriodAt } from './billingPeriod.ts';
import { anniversaryDay, type Population } from './customer.ts';
import { dayOf } from './day.ts';
import { fromLiteral, rawNumber, type Scaled, toLiteral } from './decimal.ts';
import { figuresAt, lastModifiedDate } from './figures.ts';
import { selfLink } from './usageBody.ts';

/** The figures of the partner's own summary: legacy customers only. */
export interface PartnerFigures {
  period: BillingPeriod;
  /** Of the first legacy customer: the partner's summary has one currency for all. */
  currencyLocale: string;
  /** Of the legacy customers with this locale. */
  totalCost: Scaled;
  lastModifiedDate: string;
  customersOverBudget: number;
  customersTrendingOver: number;
  customersWithUsageBasedSubscription: number;
}

export function partnerFiguresAt(population: Population, epochMs: number): PartnerFigures {
  const rule = {
    startDay: anniversaryDay(population.seed),
    isPacific: true,
    isEndInclusive: true,
  };
  const figures: PartnerFigures = {
    period: billingPeriodAt(rule, epochMs),
    currencyLocale: '',
    totalCost: 0n,
    lastModifiedDate: lastModifiedDate(population.seed, dayOf(epochMs) - 1),
    customersOverBudget: 0,
    customersTrendingOver: 0,
    customersWithUsageBasedSubscription: 0,
  };
  for (let index = 0; index < population.count; index++) {
    const customer = population.at(index);
    if (customer.kind !== 'legacy') continue;
    const { totalCost } = figuresAt(customer, epochMs);
    const budget = fromLiteral(customer.budgetAmount ?? '0');
    const { currency } = customer;
    figures.customersWithUsageBasedSubscription += 1;
    const locale = 'currencyLocale' in currency ? currency.currencyLocale : '';
    figures.currencyLocale ||= locale;
    if (locale === figures.currencyLocale) figures.totalCost += totalCost;
    if (budget === 0n) continue;
    if (totalCost > budget) figures.customersOverBudget += 1;
    // The documentation does not define "close to over"; its e-mails begin at 80 %.
    else if (totalCost * 10n >= budget * 8n) figures.customersTrendingOver += 1;
  }
  figures.currencyLocale ||= 'en-US';
  return figures;
}

/** `usagesummary`. */
export function partnerSummaryBody(population: Population, figures: PartnerFigures) {
  const { partnerTenantId, partnerName } = population;
  return {
    customersOverBudget: figures.customersOverBudget,
    customersTrendingOver: figures.customersTrendingOver,
    customersWithUsageBasedSubscription: figures.customersWithUsageBasedSubscription,
    resourceId: partnerTenantId,
    id: partnerTenantId,
    resourceName: partnerName,
    name: partnerName,
    billingStartDate: figures.period.billingStartDate,
    billingEndDate: figures.period.billingEndDate,
    totalCost: rawNumber(toLiteral(figures.totalCost)),
    currencyLocale: figures.currencyLocale,
    lastModifiedDate: figures.lastModifiedDate,
    links: selfLink('/usagesummary'),
    attributes: { objectType: 'PartnerUsageSummary' },
  };
}
