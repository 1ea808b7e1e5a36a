import { compareContracts } from '../diff/index.ts'
import { contractText, digestOf, extractContract, type Contract } from '../contract/index.ts'
import { corrected, type Correction } from '../contract/overlay.ts'
import { historyPath, historyText } from './history.ts'
import type { Drift } from '../drift.ts'
import { generate, GENERATED, SCHEMA } from '../codegen/index.ts'
import { PINNED, readPinned, readPinnedIfThere } from '../contract/pinned.ts'
import { CHANGESETS, changesetFor, undone } from './changeset.ts'
import { movedTools } from './moved-tools.ts'
import { PipelineError } from '../lib/failure.ts'
import { namesIn, readTextIfThere, replaceFiles } from '../lib/files.ts'
import { valueAt } from '../lib/json.ts'

/** The result of a regeneration. */
export interface Regeneration {
  /** The files that were written or removed; none where everything was current. */
  readonly written: readonly string[]
  /** The pinned contract's `info.version` before; undefined if there was none. */
  readonly from: string | undefined
  /** The pinned contract's `info.version` now. */
  readonly to: string
  /** The corrections made to upstream's document. */
  readonly corrections: readonly Correction[]
}

/**
 * Makes an upstream document the repository's pinned contract, unless it says what the pinned one says. Writes
 * `openapi.json`, the generated code, the contract's place in the history and, if the contract changed, a changeset;
 * all of them or none. Where pending changesets led away from this very contract, they are removed instead.
 *
 * @param date - The day, as `2026-11-24`.
 * @throws PipelineError if the document is rejected, or something cannot be written.
 */
export async function regenerate(root: string, document: unknown, date = today()): Promise<Regeneration> {
  const { document: found, corrections } = await corrected(root, document)
  const upstream = extractContract(found)
  const before = await readPinnedIfThere(root)
  const takenBack = undone(await pendingChangesets(root), digestOf(upstream))
  const drift = takenBack.length === 0 ? before && (await driftBetween(before, upstream)) : undefined
  // Other spellings of the same are not followed: changesets find their way back by what they led away from.
  const contract = before && drift?.drift === 'none' ? before : upstream
  const files = new Map<string, string | undefined>([
    [PINNED, contractText(contract)],
    ...(await generate(contract, root)),
  ])
  const kept = historyPath(contract)
  if ((await readTextIfThere(root, kept)) === undefined) files.set(kept, historyText(contract, date))
  for (const path of takenBack) files.set(path, undefined)
  const changeset = drift && changesetFor(drift, await packageName(root))
  if (changeset) files.set(changeset.path, changeset.text)
  const written = await replaceFiles(root, files)
  return { written, from: before?.info.version, to: contract.info.version, corrections }
}

/**
 * Compares the committed code with what the pinned contract generates.
 *
 * @returns one line for each file that is not as it should be; none if all is well.
 * @throws PipelineError if there is no pinned contract, or it is rejected.
 */
export async function staleFiles(root: string): Promise<string[]> {
  const contract = await readPinned(root)
  const expected = new Map([[PINNED, contractText(contract)], ...(await generate(contract, root))])
  const found: string[] = []
  for (const [path, text] of expected) {
    const committed = await readTextIfThere(root, path)
    if (committed === undefined) found.push(`${path} is missing`)
    else if (committed !== text) {
      found.push(`${path} is not what ${PINNED} generates`)
      if (path === SCHEMA) found.push(...movedTools(committed, text))
    }
  }
  for (const name of await namesIn(root, GENERATED)) {
    if (!expected.has(`${GENERATED}/${name}`)) found.push(`${GENERATED}/${name} is not generated: remove it`)
  }
  const kept = historyPath(contract)
  if ((await readTextIfThere(root, kept)) === undefined) found.push(`${kept} is missing`)
  return found
}

function today(): string {
  return new Date().toISOString().slice(0, 10)
}

/** The drift from one contract to another; the same text is the same contract, which no checker has to judge. */
async function driftBetween(before: Contract, after: Contract): Promise<Drift | undefined> {
  return contractText(before) === contractText(after) ? undefined : compareContracts(before, after)
}

async function pendingChangesets(root: string): Promise<Map<string, string>> {
  const pending = new Map<string, string>()
  for (const name of await namesIn(root, CHANGESETS)) {
    const path = `${CHANGESETS}/${name}`
    if (name.endsWith('.md')) pending.set(path, (await readTextIfThere(root, path)) ?? '')
  }
  return pending
}

async function packageName(root: string): Promise<string> {
  const name = valueAt(JSON.parse((await readTextIfThere(root, 'package.json')) ?? '{}'), 'name')
  if (typeof name !== 'string') throw new PipelineError('package.json has no name')
  return name
}
