import { createRerankClient } from 'nebius-rerank'
import type { Fetch } from 'nebius-rerank'
import crossFetch from 'cross-fetch'
import nodeFetch2 from 'node-fetch2'
import nodeFetch3 from 'node-fetch3'
import { fetch as undiciFetch, ProxyAgent } from 'undici'

// The fetch of others is one of ours as it is, and so is a function that adds to what it is given.
export const fetches: Fetch[] = [globalThis.fetch, undiciFetch, nodeFetch2, nodeFetch3, crossFetch]

const dispatcher = new ProxyAgent('http://127.0.0.1:8080')
createRerankClient({ fetch: (url, init) => undiciFetch(url, { ...init, dispatcher }) })
createRerankClient({ fetch: (url, init) => globalThis.fetch(url, { ...init, keepalive: true }) })
createRerankClient({ fetch: async (url, init) => nodeFetch3(url, { ...init, compress: false }) })

// @ts-expect-error a function of numbers is none
createRerankClient({ fetch: (url: number) => undiciFetch(String(url)) })
// @ts-expect-error a text is no response
createRerankClient({ fetch: async (url: string) => url })
