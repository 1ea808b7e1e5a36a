import { specsBeside } from '../helpers/specs.ts'

// Run by `npm run test:contract`, with Prism.
export default specsBeside(import.meta.url)
