import { type Scaled, toLiteral } from './decimal.ts';
import { metersOf, type SubscriptionMeter } from './meters.ts';
import { type RecordFigures, totalOf, withoutCents } from './recordFigures.ts';
import { divideCost } from './shares.ts';

/** One record of a meter. */
export interface MeterRow {
  meter: SubscriptionMeter;
  /** A JSON number literal with up to 15 digits after the point. */
  quantity: string;
  cost: Scaled;
}

/** The records of the meters of a subscription or plan. */
export function meterRowsOf(figures: RecordFigures): MeterRow[] {
  const { spend } = figures.subscription;
  const shares = divideCost(spend, totalOf(figures), metersOf(spend.key));
  return Array.from(shares, ({ part, place, cost }) => {
    const own = place === 0 ? withoutCents(cost, figures) : cost;
    return { meter: part, quantity: quantityOf(own, part.price), cost: own };
  });
}

function quantityOf(cost: Scaled, price: bigint): string {
  const quantity = (cost * 10_000n) / price;
  return toLiteral(quantity - (quantity % 100_000n));
}
