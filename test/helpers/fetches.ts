import type { ClientOptions } from '../../src/index.ts'
import { createNodeFetch } from '../../src/node/index.ts'
import { stopTimers } from './rerank.ts'

/** The options of clients under test: without one of their own, they take the global fetch. */
export type Over = Pick<ClientOptions, 'fetch'>

/** What the faults suite runs over, by name. */
export const FETCHES: readonly (readonly [name: string, over: Over])[] = [
  ['over fetch', {}],
  ['over createNodeFetch', { fetch: createNodeFetch() }],
]

/** The same fetch, after whose headers a time passes; for the rest of the test, it passes at no other moment. */
export function passesOnHeaders({ fetch = globalThis.fetch }: Over, ms: number): Over {
  const timers = stopTimers()
  return {
    fetch: async (url, init) => {
      const response = await fetch(url, init)
      timers.pass(ms)
      return response
    },
  }
}
