import { defineConfig } from 'vitest/config';
import { rooms } from './rooms.ts';

export default defineConfig({
  test: {
    include: rooms[process.env['MUTATION_ROOM'] ?? '']?.tests ?? [],
    setupFiles: ['test/mutation/fixedSeed.ts'],
    // A worker for each file and mutant would take longer than the tests.
    isolate: false,
    testTimeout: 30_000,
  },
});
