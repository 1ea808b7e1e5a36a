import { specsBeside } from '../../../helpers/specs.ts'

// Run by `npm run test:page`, in a browser.
export default specsBeside(import.meta.url)
