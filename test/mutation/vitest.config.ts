import { matchesGlob, relative } from 'node:path';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { rooms } from './rooms.ts';

const room = rooms[process.env['MUTATION_ROOM'] ?? ''];
if (!room) throw new Error('expected MUTATION_ROOM to name a room');
const { tests, testTimeoutMs } = room;
const placeOf = ({ moduleId }: TestSpecification) =>
  tests.findIndex((pattern) => matchesGlob(relative('.', moduleId), pattern));

/** In the order in which the room names them: a mutant ends with the first test that notices it. */
class Sequencer extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return files.toSorted((one, other) => placeOf(one) - placeOf(other));
  }
}

export default defineConfig({
  test: {
    include: tests,
    setupFiles: ['test/mutation/fixedSeed.ts'],
    sequence: { sequencer: Sequencer },
    // A worker for each file and mutant would take longer than the tests.
    isolate: false,
    testTimeout: testTimeoutMs,
    hookTimeout: testTimeoutMs,
  },
});
