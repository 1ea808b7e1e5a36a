// Required, not imported: in CommonJS that is imported Node looks for the names of exports first, which for the nine
// megabytes of TypeScript takes longer than to run them.

import { createRequire } from 'node:module'
import type typescript from 'typescript'

/** TypeScript's compiler; its types come from `typescript` itself. */
export const ts = createRequire(import.meta.url)('typescript') as typeof typescript
