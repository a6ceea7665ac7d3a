import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/quietHour.ts'],
    testTimeout: 90_000,
    hookTimeout: 90_000,
    // What a page is waited for; a busy machine is slow to draw it.
    expect: { poll: { timeout: 20_000 } },
    // Two files at a time: integration tests start servers of their own.
    maxWorkers: 2,
    reporters: process.env['CI'] ? ['default', 'json'] : ['default'],
    outputFile: { json: 'test-results.json' },
  },
});
