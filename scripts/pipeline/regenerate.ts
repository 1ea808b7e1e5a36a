import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { changesetFor } from './changeset.ts'
import { contractText, extractContract, type Contract } from './contract.ts'
import { messageOf, PipelineError } from './failure.ts'
import { readTextIfThere, replaceFiles } from './files.ts'
import { generate, GENERATED } from './generate.ts'
import { valueAt } from './json.ts'

/** The pinned contract, from the repository's root. */
export const PINNED = 'openapi.json'

/** What a regeneration did. */
export interface Regeneration {
  /** The files that were written; none where everything was current. */
  readonly written: readonly string[]
  /** The pinned contract's `info.version` before; undefined where there was none. */
  readonly from: string | undefined
  /** The pinned contract's `info.version` now. */
  readonly to: string
}

/**
 * Makes an upstream document the repository's pinned contract: writes `openapi.json`, the generated code and, if
 * the contract changed, a changeset; all of them or none.
 *
 * @throws PipelineError if the document is refused, or something cannot be written.
 */
export async function regenerate(root: string, document: unknown): Promise<Regeneration> {
  const contract = extractContract(document)
  const before = await pinnedContract(root)
  const files = new Map([[PINNED, contractText(contract)], ...(await generate(contract, root))])
  const changeset = before && changesetFor(before, contract, await packageName(root))
  if (changeset) files.set(changeset.path, changeset.text)
  const written = await replaceFiles(root, files)
  return { written, from: before?.info.version, to: contract.info.version }
}

/**
 * Compares the committed code with what the pinned contract generates.
 *
 * @returns one line for each file that is not as it should be; none if all is well.
 * @throws PipelineError if there is no pinned contract, or it is refused.
 */
export async function staleFiles(root: string): Promise<string[]> {
  const contract = await pinnedContract(root)
  if (contract === undefined) throw new PipelineError(`there is no ${PINNED}`)
  const expected = new Map([[PINNED, contractText(contract)], ...(await generate(contract, root))])
  const found: string[] = []
  for (const [path, text] of expected) {
    const committed = await readTextIfThere(join(root, path))
    if (committed === undefined) found.push(`${path} is missing`)
    else if (committed !== text) found.push(`${path} is not what ${PINNED} generates`)
  }
  for (const name of await readdir(join(root, GENERATED))) {
    if (!expected.has(`${GENERATED}/${name}`)) found.push(`${GENERATED}/${name} is not generated: remove it`)
  }
  return found
}

async function pinnedContract(root: string): Promise<Contract | undefined> {
  const text = await readTextIfThere(join(root, PINNED))
  if (text === undefined) return undefined
  try {
    return extractContract(JSON.parse(text))
  } catch (error) {
    throw new PipelineError(`the pinned ${PINNED} is not usable; restore it: ${messageOf(error)}`, {
      cause: error,
    })
  }
}

async function packageName(root: string): Promise<string> {
  const name = valueAt(JSON.parse(await readFile(join(root, 'package.json'), 'utf8')), 'name')
  if (typeof name !== 'string') throw new PipelineError('package.json has no name')
  return name
}
