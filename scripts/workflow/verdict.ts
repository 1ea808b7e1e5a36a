// What a pull request with a drift says about itself: its labels, and the statuses of its newest commit.

import type { DriftClass } from '../pipeline/drift.ts'

/** The label by which a person takes a break over. */
export const ACCEPTED = 'drift:accepted'

/** A status of a commit, as GitHub takes it. */
export interface Status {
  readonly context: string
  readonly state: 'success' | 'failure'
  readonly description: string
}

/**
 * The labels for a drift; those that are not about drift stay.
 *
 * @param moved - whether the pull request holds something else than before: what was accepted was not that.
 */
export function labelsFor(before: readonly string[], drift: DriftClass, moved: boolean): string[] {
  const others = before.filter((name) => !name.startsWith('drift:'))
  const accepted = before.includes(ACCEPTED) && !moved ? [ACCEPTED] : []
  return [...others, labelOf(drift), ...accepted]
}

/** Whether a pull request with these labels may be merged as far as callers are concerned. */
export function acceptanceOf(labels: readonly string[]): Status {
  const status = (state: Status['state'], description: string): Status => ({
    context: 'drift/accepted',
    state,
    description,
  })
  if (!labels.includes(labelOf('breaking'))) return status('success', 'Nothing breaks for callers.')
  return labels.includes(ACCEPTED)
    ? status('success', 'A maintainer accepted the break.')
    : status('failure', `Breaks callers: label it ${ACCEPTED} to take it over.`)
}

/** What the full check said, given the outcome of its step. */
export function checkStatus(outcome: string): Status {
  const passed = outcome === 'success'
  return {
    context: 'drift/check',
    state: passed ? 'success' : 'failure',
    description: passed ? 'The full check passed.' : 'The full check failed.',
  }
}

function labelOf(drift: DriftClass): string {
  return `drift:${drift}`
}
