import Big from 'big.js';
import { type Amount, toAmount } from './amount.ts';

/** A cost with a markup in percent on top, exactly: no digit is rounded away. */
export function addMarkup(cost: Amount, percent: string): Amount {
  return toAmount(new Big(percent).times('0.01').plus(1).times(cost));
}
