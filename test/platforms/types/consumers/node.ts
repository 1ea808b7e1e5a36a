import { createRerankClient } from 'nebius-rerank'
import { createNodeFetch } from 'nebius-rerank/node'
import type { NodeFetch, NodeFetchOptions } from 'nebius-rerank/node'

const options: NodeFetchOptions = { proxy: true, ca: ['-----'], maxSockets: 8, lookup: undefined }
const fetch: NodeFetch = createNodeFetch(options)
export const client = createRerankClient({ fetch, apiKey: 'key' })
export const closed: Promise<void> = fetch.close()
createNodeFetch({
  proxy: new URL('http://proxy.test:3128'),
  lookup: (_, { all }, callback) =>
    all ? callback(null, [{ address: '::1', family: 6 }]) : callback(null, '::1', 6),
})

// @ts-expect-error a proxy is a URL
createNodeFetch({ proxy: 3128 })
// @ts-expect-error it holds no agent
export const { agent } = fetch
