import { describe, expect, it } from 'vitest';
import { drawChart } from '../../../src/cli/chart.ts';

const bar = (label: string, value?: number, note = '') => ({ label, value, note });

describe('a chart', () => {
  it('gives the largest all the room, and the others their part of it to an eighth', () => {
    const lines = drawChart([bar('a', 100), bar('b', 50), bar('c', 1)], 33).split('\n');
    expect(lines).toEqual([
      'a  ████████████████████  100.00',
      'b  ██████████             50.00',
      'c  ▎                       1.00',
    ]);
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(33);
  });

  it('shows what is negative, what is not there, and what is to be said of it', () => {
    const lines = drawChart([bar('a', 10), bar('b', -10), bar('c', undefined, 'missing')], 40);
    expect(lines.split('\n')).toEqual([
      'a  ████████████████████   10.00',
      'b  ░░░░░░░░░░░░░░░░░░░░  -10.00',
      `c  ${' '.repeat(20)}          missing`,
    ]);
  });

  it('fits into a narrow terminal, and draws nothing where there is nothing', () => {
    expect(drawChart([bar('a', 5)], 0)).toBe(`a  ${'█'.repeat(4)}  5.00`);
    expect(drawChart([bar('a', 0)], 0)).toBe(`a  ${' '.repeat(4)}  0.00`);
    expect(drawChart([], 80)).toBe('');
  });
});
