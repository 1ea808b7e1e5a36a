import type { Correction } from './contract/overlay.ts'

/** Classes of what a change of the contract means for callers, from nothing to the worst. */
export const CLASSES = ['none', 'version', 'docs', 'compatible', 'breaking'] as const

/** One of {@link CLASSES}. */
export type DriftClass = (typeof CLASSES)[number]

/** The step by which a release moves the package's version. */
export type Bump = 'none' | 'patch' | 'minor' | 'major'

/** The bump that each class of drift calls for. */
export const BUMPS: Readonly<Record<DriftClass, Bump>> = {
  none: 'none',
  version: 'patch',
  docs: 'patch',
  compatible: 'minor',
  breaking: 'major',
}

/** One change, as data: `report/` makes sentences of it, and nothing reads them back. */
export interface Change {
  readonly class: DriftClass
  /** Who saw it: the comparison of what travels, or the compiler. */
  readonly source: 'wire' | 'types'
  /** The kind of change, in words that stay the same: `request-maxItems-narrowed`. */
  readonly kind: string
  /** The place that callers know: `request.documents[]`. */
  readonly path: string
  readonly what: What
  /** Where it is in the new contract, or in the old one where it is gone. */
  readonly pointer: string
}

/** The thing that changed at a place, and how. Texts from upstream are unchanged. */
export interface What {
  /** A keyword, a kind of words, or a name of ours such as `field`. */
  readonly subject: string
  /** Undefined where it was not there. */
  readonly before?: unknown
  /** Undefined where it is not there any more. */
  readonly after?: unknown
  /** The title of the alternative that it belongs to. */
  readonly of?: string
}

/** A contract as a report names it. */
export interface Edition {
  /** Its `info.version`. */
  readonly version: string
  /** SHA-256 of its canonical text; null if the document holds no contract any more. */
  readonly sha256: string | null
}

/** The result of a comparison: the verdict, and the changes that led to it, the worst first. */
export interface Drift {
  readonly drift: DriftClass
  readonly bump: Bump
  readonly from: Edition
  readonly to: Edition
  readonly changes: readonly Change[]
  /** The corrections of upstream's document; absent if there are none. */
  readonly corrections?: readonly Correction[]
}

/** The verdict on a list of changes. */
export function driftOf(from: Edition, to: Edition, changes: readonly Change[]): Drift {
  const sorted = [...changes].sort((a, b) => rank(b.class) - rank(a.class))
  const drift = sorted[0]?.class ?? 'none'
  return { drift, bump: BUMPS[drift], from, to, changes: sorted }
}

/** A class's place among {@link CLASSES}: 0 for none. */
export function rank(name: DriftClass): number {
  return CLASSES.indexOf(name)
}

/** The worse of classes; none of none. */
export function worst(classes: readonly DriftClass[]): DriftClass {
  return classes.reduce<DriftClass>((a, b) => (rank(b) > rank(a) ? b : a), 'none')
}
