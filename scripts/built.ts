// tsx scripts/built.ts [SCRIPT ARGUMENTS…]: builds where that is needed, and runs a script that needs what was built.
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ensureBuilt } from './build/ensure.ts'

await ensureBuilt()
const [script] = process.argv.splice(2, 1)
if (script !== undefined) await import(pathToFileURL(resolve(script)).href)
