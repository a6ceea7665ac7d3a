import { describe, expect, it } from 'vitest';
import { createSimulator } from '../../src/simulator/simulator.ts';
import { Dice } from './dice.ts';
import { pickSpells } from './spells.ts';
import { defaultOdds, parseOdds } from './weatherKinds.ts';

const customers = [...createSimulator({ customers: 20 }).customers('2026-03-10')];
const surroundings = { customers, pageSize: 5 };

describe('kinds of weather', () => {
  it('leave all others as they are when one of them is switched off', () => {
    for (let seed = 1; seed <= 50; seed++) {
      const kindsBy = (odds: typeof defaultOdds) =>
        pickSpells(new Dice(seed), odds, surroundings).map(({ kind }) => kind);
      const without = kindsBy(parseOdds('strangeDates=0'));
      expect(without).toEqual(kindsBy(defaultOdds).filter((kind) => kind !== 'strangeDates'));
    }
  });

  it('are named with their odds, and nothing else is taken for one', () => {
    expect(parseOdds('falseEnd=0,processClock=0.5')).toEqual({
      ...defaultOdds,
      falseEnd: 0,
      processClock: 0.5,
    });
    expect(() => parseOdds('rain=1')).toThrow('unknown kind of weather "rain"');
    expect(() => parseOdds('falseEnd=2')).toThrow('falseEnd: expected 0 to 1, got "2"');
    expect(() => parseOdds('falseEnd')).toThrow('falseEnd: expected 0 to 1, got ""');
  });
});
