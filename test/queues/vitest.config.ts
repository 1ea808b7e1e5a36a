import { fileURLToPath } from 'node:url'
import { specsBeside } from '../helpers/specs.ts'

// Run by `npm test -- queues`, with real servers that each file starts for itself.
export default specsBeside(import.meta.url, {
  testTimeout: 90_000,
  // They wait more than they compute.
  maxWorkers: 3,
  // All are about time, as those of test/of-time.ts: the report names what was tried once more.
  retry: 1,
  alias: [
    { find: /^nebius-rerank$/, replacement: fileURLToPath(new URL('../../src/index.ts', import.meta.url)) },
  ],
})
