import { specsBeside } from '../helpers/specs.ts'

// Run by `npm test -- platforms`, with what it installs here.
export default specsBeside(import.meta.url, {
  include: ['*/*.spec.ts'],
  testTimeout: 120_000,
  hookTimeout: 120_000,
  maxConcurrency: 2,
  // A browser and other programs work for them, which they wait for.
  maxWorkers: 2,
})
