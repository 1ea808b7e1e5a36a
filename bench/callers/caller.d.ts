/** How all callers are set up. */
export interface Setup {
  baseUrl: string
  key: string
  model: string
}

/** Sends one request and resolves with the answer, read and parsed. */
export type Call = (query: string, documents: readonly string[], signal?: AbortSignal) => Promise<unknown>

/** What each of these modules exports: the client as a user would make it, with its own defaults. */
export type Create = (setup: Setup) => Call
