/**
 * Test files about time, memory or processes that meet, on a machine that is not theirs alone: what fails in them is
 * tried once more, and the report names it. All others have one try.
 */
export const OF_TIME = [
  'test/cli/installed/bulk-output.test.ts',
  'test/cli/installed/bulk-systems.test.ts',
  'test/cli/installed/bulk.test.ts',
  'test/cli/installed/kills.test.ts',
  'test/cli/serve/serve.test.ts',
  'test/cli/serve/torture.test.ts',
  'test/faults/fetches.test.ts',
  'test/faults/heap.test.ts',
  'test/faults/linear.test.ts',
  'test/http/timeout.test.ts',
  'test/node/node-fetch.test.ts',
]
