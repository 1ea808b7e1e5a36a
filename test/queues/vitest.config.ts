import { specsBeside } from '../helpers/specs.ts'

// Run by `npm test -- queues`, with real servers that each file starts for itself.
export default specsBeside(import.meta.url, { testTimeout: 90_000 })
