import { describe, expect, it } from 'vitest';
import { DayAssessor } from '../../../src/snapshot/dayAssessor.ts';
import { createNight, type Night } from '../../support/night.ts';
import { dayOf, failReadsOf, keepSteadyMonth, spender } from '../../support/recordedDays.ts';

const today = '2026-03-20';
const other = 'bbbbbbbb-0000-4000-8000-000000000002';

const assessorOf = ({ context }: Night) =>
  new DayAssessor(context, { isFirstNight: false, signal: new AbortController().signal });

describe('the daily cost of a captured day', () => {
  it('is the difference to the last figures, whatever came of the days between', async () => {
    const night = createNight();
    await keepSteadyMonth(night, '2026-03-18');
    const { figures: _, ...failed } = dayOf('2026-03-18', '0', { outcome: 'failed' });
    await night.stores.usageByCustomer.upsertCustomer([failed]);
    expect(await assessorOf(night).assess(dayOf(today, '381.5'))).toStrictEqual({
      cost: {
        dailyCost: '61.5',
        daysCovered: 3,
        isStale: false,
        forecastTotalCost: '622.4474',
      },
    });
  });

  it('is that of the whole period on the first night', async () => {
    const { cost } = await assessorOf(createNight()).assess(dayOf(today, '380'));
    expect(cost).toMatchObject({ dailyCost: '380', daysCovered: 19, isStale: false });
  });

  it('comes with what was expected where it is an anomaly', async () => {
    const night = createNight();
    await keepSteadyMonth(night, today);
    const finding = await assessorOf(night).assess(dayOf(today, '900'));
    expect(finding).toMatchObject({ cost: { dailyCost: '540' }, expectedCost: '20.0000' });
  });

  it('takes no account of what is recorded of the day already', async () => {
    const night = createNight();
    await keepSteadyMonth(night, '2026-03-21');
    const { cost } = await assessorOf(night).assess(dayOf(today, '390'));
    expect(cost).toMatchObject({ dailyCost: '30', daysCovered: 1 });
  });

  it('is in the currency of the last figures where there is no usage any more', async () => {
    const night = createNight();
    await keepSteadyMonth(night, today);
    const { figures: _, ...gone } = dayOf(today, '0', { outcome: 'noUsage' });
    expect(await assessorOf(night).assess(gone)).toMatchObject({
      cost: { dailyCost: '-360' },
      expectedCurrency: 'EUR',
    });
  });

  it('is in no currency where nothing was ever spent', async () => {
    const { figures: _, ...idle } = dayOf(today, '0', { outcome: 'noUsage' });
    const finding = await assessorOf(createNight()).assess(idle);
    expect(finding).toMatchObject({ cost: { dailyCost: '0' } });
    expect(finding).not.toHaveProperty('expectedCurrency');
  });

  it('asks the tables nothing where nothing is known of the day', async () => {
    const night = createNight();
    failReadsOf(night);
    const { figures: _, ...failed } = dayOf(today, '0', { outcome: 'failed' });
    expect(await assessorOf(night).assess(failed)).toEqual({
      cost: { daysCovered: 0, isStale: false },
    });
  });

  it('stays open for a customer whose rows cannot be read, and for nobody else', async () => {
    const night = createNight();
    failReadsOf(night, spender);
    const assessor = assessorOf(night);
    expect(await assessor.assess(dayOf(today, '380'))).toEqual({});
    expect(await assessor.assess(dayOf(today, '5', { customerId: other }))).toHaveProperty('cost');
    expect(assessor.pending).toBe(
      'the daily cost of 1 customers is left to the next run: out of reach',
    );
  });

  it('stays open where the alerts of a budget cannot be stored', async () => {
    const night = createNight();
    night.stores.budgetAlerts.createIfAbsent = async () => {
      throw new Error('no room');
    };
    const assessor = assessorOf(night);
    expect(await assessor.assess(dayOf(today, '380', { budget: '1000' }))).toHaveProperty('cost');
    expect(await assessor.assess(dayOf(today, '980', { budget: '1000' }))).toEqual({});
    expect(assessor.pending).toContain('no room');
  });

  it('is not asked for any more where nobody’s rows can be read', async () => {
    const night = createNight();
    let asked = 0;
    night.stores.usageByCustomer.listHistory = () => {
      asked++;
      throw new Error('out of reach');
    };
    const assessor = assessorOf(night);
    for (let index = 0; index < 100; index++) await assessor.assess(dayOf(today, '380'));
    expect(asked).toBe(20);
    expect(assessor.pending).toContain('of 100 customers');
  });

  it('is judged by the months before it', async () => {
    const night = createNight();
    const { usageByCustomer } = night.stores;
    const { listHistory } = usageByCustomer;
    const ranges: unknown[] = [];
    usageByCustomer.listHistory = (id, range, options) => {
      ranges.push(range);
      return listHistory.call(usageByCustomer, id, range, options);
    };
    await assessorOf(night).assess(dayOf(today, '380'));
    expect(ranges).toEqual([{ from: '2025-12-04', to: '2026-03-19' }]);
  });

  it('is nobody’s business any more once nothing may be written', async () => {
    const night = createNight();
    failReadsOf(night);
    const signal = AbortSignal.abort(new Error('to end'));
    const assessor = new DayAssessor(night.context, { isFirstNight: false, signal });
    await expect(assessor.assess(dayOf(today, '380'))).rejects.toThrow('to end');
  });
});
