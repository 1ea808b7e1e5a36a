import { access } from 'node:fs/promises'
import { extractContract, type Contract } from '../contract/index.ts'
import { corrected, type Corrected } from '../contract/overlay.ts'
import { readPinned } from '../contract/pinned.ts'
import type { Drift } from '../drift.ts'
import { readUpstream, type UpstreamOptions } from '../fetch.ts'
import { PipelineError, quoted } from '../lib/failure.ts'
import { contractNamed, HISTORY, historyOf, SHORTEST_DIGEST } from '../release/history.ts'

/** Names of the contracts or documents to compare, the repository to look in, and how upstream is read. */
export interface Comparison extends Pick<UpstreamOptions, 'wait'> {
  /** The repository's root. */
  readonly root: string
  /** The contract that comes before; undefined for the pinned one. */
  readonly from: string | undefined
  readonly to: string
  /** True if `to` is always a document, never a contract that was taken over. */
  readonly isUpstream: boolean
  readonly progress: (line: string) => void
}

/** Compares two contracts: each is pinned, was taken over, or is a document. */
export async function compare(comparison: Comparison): Promise<Drift> {
  const { root, from, to, isUpstream, progress } = comparison
  // The compiler takes a second to load; upstream can respond meanwhile.
  const [before, after, { compareDocument }] = await Promise.all([
    from === undefined ? readPinned(root) : contractOf(root, from, comparison),
    isUpstream ? readCorrected(root, to, comparison) : named(root, to, comparison),
    import('../diff/index.ts'),
  ])
  progress('comparing')
  return withCorrections(await compareDocument(before, after.document), after)
}

/** A drift with the corrections of the document. */
export function withCorrections(drift: Drift, { corrections }: Corrected): Drift {
  return corrections.length === 0 ? drift : { ...drift, corrections }
}

async function contractOf(root: string, name: string, reading: UpstreamOptions): Promise<Contract> {
  return extractContract((await named(root, name, reading)).document)
}

/** The contract or document that a digest, a version, a URL or a file names. */
async function named(root: string, name: string, reading: UpstreamOptions): Promise<Corrected> {
  const kept = await contractNamed(root, name)
  // As it was corrected when it was taken over.
  if (kept) return { document: kept, corrections: [] }
  const isThere = name.includes('://') || (await access(name).then(...YES_OR_NO))
  if (!isThere) {
    const kept = (await historyOf(root)).map(({ digest, version }) => `${version} (${digest.slice(0, 12)})`)
    throw new PipelineError(
      `${quoted(name)} is not a file, a URL or one of ${HISTORY}/, which has ${kept.slice(-5).join(', ') || 'none'}; name one by its version, or by ${SHORTEST_DIGEST} or more characters of its digest`,
    )
  }
  return readCorrected(root, name, reading)
}

const YES_OR_NO = [() => true, () => false] as const

async function readCorrected(root: string, source: string, reading: UpstreamOptions): Promise<Corrected> {
  return corrected(root, await readUpstream(source, reading))
}
