// The public API, written by `npm run api`. Any change to it needs a changeset.

import { RerankRequest } from '../index.js'

type AsyncDisposal = typeof Symbol extends {
  readonly asyncDispose: infer Key extends symbol
}
  ? Readonly<Record<Key, () => Promise<void>>>
  : object

interface LocalReranker {
  (input: string | URL | Request, init?: RequestInit): Promise<Response>
  readonly apiKey: string
}

interface LocalRerankerOptions {
  apiKey?: string | undefined
  models?: readonly string[] | undefined
  maxBodyBytes?: number | undefined
  maxDocuments?: number | undefined
  cors?: boolean | undefined
  latencyMs?: number | undefined
  failRate?: number | undefined
  rateLimit?: number | undefined
  respond?: LocalRespond | undefined
  score?: LocalScore | undefined
}

type LocalRespond = (request: RerankRequest) => Response | undefined | Promise<Response | undefined>

type LocalScore = (
  query: string,
  documents: readonly string[],
) => ArrayLike<number> | Promise<ArrayLike<number>>

interface LocalServer extends AsyncDisposal {
  readonly url: string
  readonly port: number
  readonly close: () => Promise<void>
}

interface LocalServerOptions extends LocalRerankerOptions {
  port?: number | undefined
  host?: string | undefined
}

declare function createLocalReranker(options?: LocalRerankerOptions): LocalReranker

declare function serveLocalReranker(options?: LocalServerOptions): Promise<LocalServer>

export {
  type LocalReranker,
  type LocalRerankerOptions,
  type LocalRespond,
  type LocalScore,
  type LocalServer,
  type LocalServerOptions,
  createLocalReranker,
  serveLocalReranker,
}
