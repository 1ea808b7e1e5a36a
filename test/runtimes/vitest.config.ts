import { specsBeside } from '../helpers/specs.ts'

// Run by `npm run test:runtimes`, with the runtimes.
export default specsBeside(import.meta.url, {
  testTimeout: 60_000,
  hookTimeout: 120_000,
  maxConcurrency: 2,
  retry: process.env['CI'] === undefined ? 0 : 2,
})
