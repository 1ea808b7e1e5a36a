/**
 * The embedded endpoint, for tests and trials without a key or a network.
 *
 * @module nebius-rerank/local
 */

export { createLocalReranker, type LocalReranker } from './handler.ts'
export type { LocalRerankerOptions, LocalRespond, LocalScore, LocalServerOptions } from './options.ts'
export { serveLocalReranker, type LocalServer } from './serve.ts'
