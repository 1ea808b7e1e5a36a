// npm run built: builds, unless `dist/` has been built of the very sources that there are.
import { isBuilt } from './build/stamp.ts'

if (!(await isBuilt('.'))) await import('./build.ts')
