import type { Contract } from '../../../scripts/spec/contract/index.ts'
import type { Change } from '../../../scripts/spec/drift.ts'
import { wireChangesOfAll } from '../../../scripts/spec/diff/oasdiff/oasdiff.ts'

/** Asks oasdiff about everything that it is asked within one turn of the event loop, by one process. */
export function together(): (before: Contract, after: Contract) => Promise<Change[]> {
  const pairs: [Contract, Contract][] = []
  const answers = Promise.resolve().then(() => wireChangesOfAll(pairs))
  return async (before, after) => {
    const index = pairs.push([before, after]) - 1
    return (await answers)[index] ?? Promise.reject(new Error('it was asked too late'))
  }
}
