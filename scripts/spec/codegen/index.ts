import { createRequire } from 'node:module'
import { join } from 'node:path'
import type * as generator from 'openapi-typescript'
import { format, resolveConfig } from 'prettier'
import { withCommentSafeWords, type Contract } from '../contract/index.ts'
import { generatedHeader } from './header.ts'
import { assertInert } from './inert.ts'
import { withRecursiveAliases } from './recursive-aliases.ts'
import { rerankTypes } from './rerank.ts'
import { typeable } from './typeable.ts'
import { assertCompiles } from '../lib/compiler.ts'
import { messageOf, PipelineError } from '../lib/failure.ts'
import { escapeInvisible, escapeUnit } from '../lib/invisible.ts'

export { toolMoves } from './header.ts'

// Required, as TypeScript is, which it would import otherwise.
const { default: openapiTS, astToString } = createRequire(import.meta.url)(
  'openapi-typescript',
) as typeof generator

/** Where generated code lives, from the repository's root. */
export const GENERATED = 'src/generated'

/** The generated types, from the repository's root. */
export const SCHEMA = `${GENERATED}/schema.ts`

/**
 * The generated source files of a contract, by path: formatted as the repository at `root` formats its code, and
 * proven to hold types and literal constants alone, and to compile.
 *
 * @throws PipelineError if the contract cannot be written as types, or the proof fails.
 */
export async function generate(contract: Contract, root: string): Promise<Map<string, string>> {
  const types = await typesOf(contract)
  const sources = { 'schema.ts': types, 'rerank.ts': rerankTypes(types), 'spec.ts': specSource(contract) }
  const files = new Map<string, string>()
  for (const [name, source] of Object.entries(sources)) {
    const path = `${GENERATED}/${name}`
    const code = await formatted(`${generatedHeader()}\n\n${withoutHiddenText(source)}`, join(root, path))
    assertInert(code, path)
    assertCompiles(code, path)
    files.set(path, code)
  }
  return files
}

/**
 * The types of a contract as the generator writes them, not yet formatted. A contract is written once, however often
 * its types are asked for.
 *
 * @throws PipelineError if the contract cannot be written as types.
 */
export function typesOf(contract: Contract): Promise<string> {
  const types = written.get(contract) ?? write(contract)
  written.set(contract, types)
  return types
}

const written = new WeakMap<Contract, Promise<string>>()

async function write(contract: Contract): Promise<string> {
  try {
    // As text: the generator edits the document that it is given.
    const document = typeable(withCommentSafeWords(contract))
    const options = { defaultNonNullable: false, emptyObjectsUnknown: true, silent: true }
    const nodes = await openapiTS(JSON.stringify(document), options)
    return astToString(withRecursiveAliases(nodes, document))
  } catch (error) {
    throw new PipelineError(`openapi-typescript cannot write this contract as types: ${messageOf(error)}`)
  }
}

/** Formats a text with the settings for the file at `path`. */
export async function formatted(source: string, path: string): Promise<string> {
  return format(source, { ...(await resolveConfig(path)), filepath: path })
}

function specSource(contract: Contract): string {
  const { title, version } = contract.info
  return `/** The contract that this package was generated from. */
export const spec = {
  /** The upstream document's \`info.title\`. */
  title: ${JSON.stringify(title)},
  /** The upstream document's \`info.version\`. */
  version: ${JSON.stringify(version)},
} as const
`
}

/** Escapes characters that cannot be seen, and what tools look for in source text without parsing it. */
function withoutHiddenText(source: string): string {
  return escapeInvisible(source).replace(/(?<=source(?:Mapping)?)U(?=RL\s*=)/g, escapeUnit)
}
