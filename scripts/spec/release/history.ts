// The contracts that were taken over, each by the digest of its text.

import { digestOf, extractContract, type Contract } from '../contract/index.ts'
import { messageOf, PipelineError, quoted } from '../lib/failure.ts'
import { namesIn, readTextIfThere } from '../lib/files.ts'
import { escapeInvisible } from '../lib/invisible.ts'
import { isObject, valueAt, type JsonObject } from '../lib/json.ts'

/** Where contracts are kept, from the repository's root. */
export const HISTORY = 'specs'

/** A contract that was taken over. */
export interface Entry {
  /** SHA-256 of its text, in hexadecimal. */
  readonly digest: string
  readonly version: string
  /** The day that it was taken over, as `2026-11-24`. */
  readonly date: string
}

const FILE = /^([\da-f]{64})\.json$/
/** The shortest beginning of a digest that names a contract, in characters. */
export const SHORTEST_DIGEST = 7

/** Where a contract is kept. */
export function historyPath(contract: Contract): string {
  return pathOf(digestOf(contract))
}

/** A contract as it is kept. */
export function historyText(contract: Contract, date: string): string {
  return `${escapeInvisible(JSON.stringify({ version: contract.info.version, date, contract }))}\n`
}

/**
 * The contract that a digest, its beginning or a version names, of those that the repository at `root` keeps; undefined
 * where none is named so.
 *
 * @throws PipelineError if several are, or the one that is cannot be used.
 */
export async function contractNamed(root: string, name: string): Promise<Contract | undefined> {
  const entries = await historyOf(root)
  const isDigest = /^[\da-f]+$/.test(name) && name.length >= SHORTEST_DIGEST
  const named = entries.filter(
    ({ digest, version }) => version === name || (isDigest && digest.startsWith(name)),
  )
  if (named.length > 1) {
    const found = named.map(({ digest, date }) => `${digest.slice(0, 12)} of ${date}`).join(', ')
    throw new PipelineError(`${quoted(name)} names several contracts: ${found}; give a digest`)
  }
  const [entry] = named
  return entry && extractContract((await read(root, entry.digest)).contract)
}

/** The contracts that are kept, by the day on which they were taken over; those of one day by version. */
export async function historyOf(root: string): Promise<Entry[]> {
  const digests = (await namesIn(root, HISTORY)).flatMap((name) => FILE.exec(name)?.[1] ?? [])
  const entries = await Promise.all(digests.map(async (digest) => (await read(root, digest)).entry))
  const order = ({ date, version }: Entry): string => `${date} ${version}`
  return entries.sort((a, b) => (order(a) < order(b) ? -1 : 1))
}

async function read(root: string, digest: string): Promise<{ entry: Entry; contract: unknown }> {
  const path = pathOf(digest)
  try {
    const kept: unknown = JSON.parse((await readTextIfThere(root, path)) ?? '')
    const [version, date] = ['version', 'date'].map((key) => valueAt(kept, key))
    const contract = valueAt(kept, 'contract')
    if (typeof version !== 'string' || typeof date !== 'string' || !isObject(contract))
      throw new PipelineError('it lacks a version, a date or a contract')
    if (digestOf(contract as JsonObject) !== digest)
      throw new PipelineError('its name is not that of its contract')
    return { entry: { digest, version, date }, contract }
  } catch (error) {
    throw new PipelineError(`${path} is not usable; restore it: ${messageOf(error)}`, { cause: error })
  }
}

function pathOf(digest: string): string {
  return `${HISTORY}/${digest}.json`
}
