import { createRequire } from 'node:module'
import { join } from 'node:path'
import type * as generator from 'openapi-typescript'
import type { GlobalContext, OpenAPI3 } from 'openapi-typescript'
import { format, resolveConfig } from 'prettier'
import type { Node } from 'typescript'
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

// Required, as TypeScript is, which they would import otherwise; and by file: the whole generator loads a linter, which
// takes longer than all else.
const load = createRequire(import.meta.url)
const transformSchema = load(
  'openapi-typescript/dist/transform/index.cjs',
) as typeof generator.transformSchema
const { resolveRef, scanDiscriminators } = load('openapi-typescript/dist/lib/utils.cjs') as typeof generator
const { astToString } = load('openapi-typescript/dist/lib/ts.cjs') as typeof generator

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
    const document = typeable(withCommentSafeWords(contract))
    return astToString(withRecursiveAliases(declarationsOf(document), document))
  } catch (error) {
    throw new PipelineError(`openapi-typescript cannot write this contract as types: ${messageOf(error)}`)
  }
}

/** The declarations that the generator writes of a document. Its own checks are left out: a contract has passed ours. */
function declarationsOf(document: unknown): Node[] {
  // A copy: the generator edits the document that it is given.
  const own = structuredClone(document) as OpenAPI3
  // All other options are off.
  const context: Partial<GlobalContext> = {
    silent: true,
    emptyObjectsUnknown: true,
    discriminators: scanDiscriminators(own, { silent: true }),
    injectFooter: [],
    resolve: (reference) => resolveRef(own, reference, { silent: true }),
  }
  return transformSchema(own, context as GlobalContext)
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
