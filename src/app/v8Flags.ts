import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

/**
 * In a run's first seconds V8 decides that objects of a request are long-lived, as those of the
 * first customers are: from then on they are allocated in the old generation, which only a full
 * collection frees. Without that the client needs a sixth less CPU time, and 50,000 customers a
 * sixth less memory (`npm run bench -- client-cpu memory`).
 */
setFlagsFromString('--no-allocation-site-pretenuring');

/**
 * V8 lets the old generation grow to four times of what is in use before it collects it. Half as
 * much again keeps a run of many customers at about the memory of one of few, for some
 * four hundredths more CPU time (`npm run bench -- memory`).
 */
setFlagsFromString('--heap-growing-percent=50');

/**
 * V8 doubles the young generation while much of it survives, on large machines to 128 MB, which
 * does not make a run faster: nearly all that a request allocates is garbage soon. From here on it
 * does not grow by itself (`npm run bench -- memory run`).
 */
setYoungGrowth('1');

/** Both halves of the young generation. */
const youngBytes = 32 * 2 ** 20;
/** More than fill it, where V8 does not let it grow so far. */
const mostSurvivors = 1_000_000;

/** Grows the young generation to 32 MB: it may be small yet, or again in a process that was idle. */
export function growYoungGeneration(): void {
  setYoungGrowth('2');
  const survivors: object[] = [];
  while (youngGenerationBytes() < youngBytes && survivors.length < mostSurvivors) {
    for (let count = 0; count < 10_000; count++) survivors.push({});
  }
  setYoungGrowth('1');
}

function setYoungGrowth(factor: '1' | '2'): void {
  setFlagsFromString(`--semi-space-growth-factor=${factor}`);
}

function youngGenerationBytes(): number {
  const young = getHeapSpaceStatistics().find((space) => space.space_name === 'new_space');
  return young?.space_size ?? 0;
}
