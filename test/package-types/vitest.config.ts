import { specsBeside } from '../helpers/specs.ts'

// Run by `npm run test:types`, with the compilers.
export default specsBeside(import.meta.url, { testTimeout: 120_000, maxConcurrency: 2 })
