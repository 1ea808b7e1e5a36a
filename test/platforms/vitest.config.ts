import { specsBeside } from '../helpers/specs.ts'

// Run by `npm test -- platforms`, with what it installs here.
export default specsBeside(import.meta.url, {
  include: ['*/*.spec.ts'],
  testTimeout: 120_000,
  hookTimeout: 120_000,
  maxConcurrency: 2,
})
