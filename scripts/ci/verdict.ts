// What a pull request with a drift says about itself: its labels, and the statuses of its newest commit.

import { createHash } from 'node:crypto'
import type { Drift, DriftClass } from '../spec/drift.ts'
import { cut } from '../spec/lib/failure.ts'

/** The label by which a person takes a break over. */
export const ACCEPTED = 'drift:accepted'

/** A status of a commit, as GitHub takes it. */
export interface Status {
  readonly context: string
  readonly state: 'success' | 'failure'
  readonly description: string
}

/** GitHub refuses a longer description. */
const MAX_DESCRIPTION = 140

/** What breaks, as a short hash: the same while the same changes break, empty where nothing does. */
export function breaksIn({ changes }: Pick<Drift, 'changes'>): string {
  const breaks = changes.filter((change) => change.class === 'breaking')
  if (breaks.length === 0) return ''
  const lines = [...new Set(breaks.map(({ kind, path }) => JSON.stringify([path, kind])))].sort()
  return createHash('sha256').update(lines.join('\n')).digest('hex').slice(0, 12)
}

/**
 * The labels for a drift; those that are not about drift stay. One names what breaks, so that a person's acceptance
 * holds for what that person saw: it stays while the same breaks, and goes when something else does.
 *
 * @param breaks - see {@link breaksIn}.
 */
export function labelsFor(before: readonly string[], drift: DriftClass, breaks: string): string[] {
  const others = before.filter((name) => !name.startsWith('drift:'))
  if (drift !== 'breaking') return [...others, labelOf(drift)]
  const seen = `drift:breaks-${breaks}`
  const accepted = before.includes(ACCEPTED) && before.includes(seen) ? [ACCEPTED] : []
  return [...others, labelOf(drift), seen, ...accepted]
}

/**
 * Whether a pull request with these labels may be merged as far as callers are concerned. Only what is said counts: a
 * pull request without a class has not been judged.
 */
export function acceptanceOf(labels: readonly string[]): Status {
  const has = (name: string): boolean => labels.includes(name)
  if (has(labelOf('breaking')))
    return has(ACCEPTED)
      ? accepted('success', 'A maintainer accepted the break.')
      : accepted('failure', `Breaks callers: label it ${ACCEPTED} to take it over.`)
  return HARMLESS.some((drift) => has(labelOf(drift)))
    ? accepted('success', 'Nothing breaks for callers.')
    : accepted('failure', 'Not judged yet: no label names the class of the drift.')
}

const HARMLESS: readonly DriftClass[] = ['version', 'docs', 'compatible']

/** What the full check said, given the outcome of its step. */
export function checkStatus(outcome: string): Status {
  return outcome === 'success'
    ? checked('success', 'The full check passed.')
    : checked('failure', 'The full check failed.')
}

/** The statuses of a pull request that holds what upstream no longer says, and why it could not be renewed. */
export function outdated(reason: string): readonly Status[] {
  const description = cut(`Not what upstream says today: ${reason}`, MAX_DESCRIPTION - 1)
  return [checked('failure', description), accepted('failure', description)]
}

function checked(state: Status['state'], description: string): Status {
  return { context: 'drift/check', state, description }
}

function accepted(state: Status['state'], description: string): Status {
  return { context: 'drift/accepted', state, description }
}

function labelOf(drift: DriftClass): string {
  return `drift:${drift}`
}
