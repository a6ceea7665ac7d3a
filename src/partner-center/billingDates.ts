import { isBillingPeriod } from '../usage/billingPeriod.ts';
import { isDate } from '../usage/date.ts';
import type { UnreadableField } from '../usage/unreadableField.ts';

interface BillingDates {
  billingStartDate: string;
  billingEndDate: string;
}

const fields = ['billingStartDate', 'billingEndDate'] as const;

/**
 * The billing period of a summary that was read on `today`, `yyyy-MM-dd`: both of its dates, or
 * neither and why where one of them is missing or implausible.
 */
export function readBillingDates(
  sent: { [Field in keyof BillingDates]?: string | null | undefined },
  today: string,
): { period?: BillingDates; unreadable: UnreadableField[] } {
  const dates = {
    billingStartDate: sent.billingStartDate ?? undefined,
    billingEndDate: sent.billingEndDate ?? undefined,
  };
  if (isBillingPeriod(dates, today)) {
    const { billingStartDate, billingEndDate } = dates;
    return { period: { billingStartDate, billingEndDate }, unreadable: [] };
  }
  const present = fields.filter((field) => dates[field] !== undefined);
  const unreadable = present.flatMap((field) => {
    const kind = kindOf(dates[field] ?? '', today);
    return kind === undefined ? [] : [{ field, kind }];
  });
  if (unreadable.length > 0) return { unreadable };
  const kind = present.length === 2 ? 'dates in the wrong order' : 'a date without the other one';
  return { unreadable: present.slice(-1).map((field) => ({ field, kind })) };
}

/** Why a date by itself cannot be the end of a billing period; `undefined` where it can. */
function kindOf(date: string, today: string): string | undefined {
  if (isBillingPeriod({ billingStartDate: date, billingEndDate: date }, today)) return undefined;
  return isDate(date.slice(0, 10))
    ? 'a date outside 2010 to ten years ahead'
    : 'a date that does not exist';
}
