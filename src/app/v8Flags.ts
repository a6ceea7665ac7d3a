import { setFlagsFromString } from 'node:v8';

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
