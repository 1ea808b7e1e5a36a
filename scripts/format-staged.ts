// The pre-commit hook: formats what is staged.
import { formatStaged } from './check/staged.ts'

for (const path of await formatStaged('.')) console.log(`formatted ${path}`)
