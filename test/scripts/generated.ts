import { fileURLToPath } from 'node:url'
import { extractContract } from '../../scripts/spec/contract/index.ts'
import { generate } from '../../scripts/spec/codegen/index.ts'
import { edited } from './document.ts'

/** What the tests' edition generates, by path. Tests that need it wait for the compiler to load, others do not. */
export const GENERATED = await generate(
  extractContract(edited()),
  fileURLToPath(new URL('../..', import.meta.url)),
)
