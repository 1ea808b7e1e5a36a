// What a pull request says of the breaks that it brings: what breaks, and what of it a person accepted.

import { createHash } from 'node:crypto'
import type { Drift } from '../spec/drift.ts'
import { cut } from '../spec/lib/failure.ts'

/** The label with which a person accepts a break. */
export const ACCEPTED = 'drift:accepted'

/** The only required context of a pull request: a job of ci.yml, or a status if no event starts the job. */
export const READY = 'ready'

/** The context of the full check, for pull requests whose own workflows do not run it. */
export const CHECK = 'check'

/** A status of a commit, as GitHub takes it. */
export interface Status {
  readonly context: string
  readonly state: 'success' | 'failure'
  readonly description: string
}

/** GitHub refuses a longer description. */
const MAX_DESCRIPTION = 140

/** A short hash of the breaking changes; empty if nothing breaks. */
export function breaksIn({ changes }: Pick<Drift, 'changes'>): string {
  const breaks = changes.filter((change) => change.class === 'breaking')
  if (breaks.length === 0) return ''
  const lines = [...new Set(breaks.map(({ kind, path }) => JSON.stringify([path, kind])))].sort()
  return createHash('sha256').update(lines.join('\n')).digest('hex').slice(0, 12)
}

const NOTE = /(?<!\n)\n*<!-- accepted breaks: ([\da-f]{12}) -->/

/** The hash of the accepted breaks in the body of a pull request; empty if there is none. */
export function acceptedIn(body: string): string {
  return NOTE.exec(body)?.[1] ?? ''
}

/** A body with a note of the accepted breaks, if there are any. */
export function withAccepted(body: string, breaks: string): string {
  const bare = body.replace(NOTE, '')
  return breaks === '' ? bare : `${bare}\n\n<!-- accepted breaks: ${breaks} -->`
}

/** Tells whether a person accepted the very breaks of a pull request, by its label and the note in its body. */
export function isAccepted(breaks: string, labels: readonly string[], body: string): boolean {
  return breaks === '' || (labels.includes(ACCEPTED) && acceptedIn(body) === breaks)
}

/** A status that allows the merge of a pull request once the full check passed and a person accepted what breaks. */
export function readiness(isChecked: boolean, breaks: string, isTaken: boolean): Status {
  if (!isTaken) return ready('failure', `This breaks callers. Add the label ${ACCEPTED} to accept it.`)
  if (!isChecked) return ready('failure', 'The full check failed.')
  return ready('success', breaks === '' ? 'Nothing breaks for callers.' : 'A maintainer accepted the break.')
}

/** The status of an outdated pull request, with the reason why it could not be updated. */
export function outdated(reason: string): Status {
  return ready('failure', cut(`Out of date with upstream: ${reason}`, MAX_DESCRIPTION - 1))
}

/** The status of the full check, given the outcome of its step. */
export function checkStatus(outcome: string): Status {
  return outcome === 'success'
    ? { context: CHECK, state: 'success', description: 'The full check passed.' }
    : { context: CHECK, state: 'failure', description: 'The full check failed.' }
}

function ready(state: Status['state'], description: string): Status {
  return { context: READY, state, description }
}
