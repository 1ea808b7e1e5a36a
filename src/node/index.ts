/**
 * A `fetch` over `node:http` and `node:https`, at less cost than Node’s own.
 *
 * @module nebius-rerank/node
 */

export { createNodeFetch } from './node-fetch.ts'
export type { NodeFetch } from './node-fetch.ts'
export type { NodeFetchInit } from './exchange.ts'
export type { NodeAddress, NodeAgent, NodeFetchOptions, NodeLookup, Pem } from './options.ts'
export type { NodeHeaders, NodeResponse } from './response.ts'
