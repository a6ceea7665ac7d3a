import { afterEach, describe, expect, it, vi } from 'vitest';
import { createProgress } from '../../../src/cli/progress.ts';
import { VirtualClock } from '../../support/virtualClock.ts';

const wasTTY = process.stderr.isTTY;
afterEach(() => {
  process.stderr.isTTY = wasTTY;
  vi.restoreAllMocks();
});

/** Progress on a stderr that is no terminal. */
function createLines() {
  process.stderr.isTTY = false;
  const lines: string[] = [];
  vi.spyOn(process.stderr, 'write').mockImplementation((chunk) => lines.push(String(chunk)) > 0);
  const clock = new VirtualClock();
  const progress = createProgress(clock);
  const show = (customersDone: number, isListRead = true) =>
    progress.show({ customersListed: 500, isListRead, customersDone });
  return { clock, progress, show, lines };
}

describe('progress where stderr is no terminal', () => {
  it('is a plain line every 5 seconds at most, and none of a short run', async () => {
    const { clock, progress, show, lines } = createLines();
    show(1);
    await clock.advance(4_999);
    show(100);
    expect(lines).toEqual([]);
    await clock.advance(1);
    show(101);
    show(102);
    expect(lines).toEqual(['101 of 500 customers\n']);
    await clock.advance(5_000);
    show(200);
    progress.end();
    expect(lines).toEqual(['101 of 500 customers\n', '200 of 500 customers\n']);
  });

  it('says that more customers may be listed', async () => {
    const { clock, show, lines } = createLines();
    await clock.advance(5_000);
    show(7, false);
    expect(lines).toEqual(['7 customers, 500 listed so far\n']);
  });
});

describe('progress at a terminal', () => {
  it('counts while customers are being listed, and draws a bar once all of them are known', () => {
    process.stderr.isTTY = true;
    let text = '';
    vi.spyOn(process.stderr, 'write').mockImplementation((chunk) => {
      text += chunk;
      return true;
    });
    const progress = createProgress(new VirtualClock());
    progress.show({ customersListed: 500, isListRead: false, customersDone: 7 });
    expect(text).toContain('7 customers, 500 listed so far');
    expect(text).not.toMatch(/[█░%]/);
    progress.end();
    text = '';
    const known = createProgress(new VirtualClock());
    known.show({ customersListed: 500, isListRead: true, customersDone: 250 });
    known.end();
    expect(text).toContain(`${'█'.repeat(15)}${'░'.repeat(15)} 250 of 500 customers`);
  });
});
