// The public API, written by `npm run api`. Any change to it needs a changeset.

interface NodeAddress {
  address: string
  family: number
}

interface NodeAgent {
  destroy(): unknown
}

interface NodeFetch {
  (url: string, init?: NodeFetchInit): Promise<NodeResponse>
  close(): Promise<void>
  proxyFor(url: string): string | undefined
  readonly direct: true
  readonly lightSignal: true
}

interface NodeFetchInit {
  method?: string | undefined
  headers?: Readonly<Record<string, string>> | undefined
  body?: string | Uint8Array | null | undefined
  signal?: AbortSignal | null | undefined
}

interface NodeFetchOptions {
  proxy?: true | string | URL | undefined
  ca?: Pem | undefined
  cert?: Pem | undefined
  key?: Pem | undefined
  maxSockets?: number | undefined
  lookup?: NodeLookup | undefined
  agent?: NodeAgent | undefined
}

interface NodeHeaders extends Iterable<[name: string, value: string]> {
  get(name: string): string | null
  has(name: string): boolean
}

type NodeLookup = (
  hostname: string,
  options: {
    all?: boolean
    family?: number | 'IPv4' | 'IPv6'
    hints?: number
  },
  callback: (error: Error | null, address: string | NodeAddress[], family?: number) => void,
) => void

interface NodeResponse {
  readonly status: number
  readonly ok: boolean
  readonly statusText: string
  readonly headers: NodeHeaders
  readonly body: AsyncIterableIterator<Uint8Array> | null
  readonly text: () => Promise<string>
}

type Pem = string | Uint8Array | readonly (string | Uint8Array)[]

declare function createNodeFetch(options?: NodeFetchOptions): NodeFetch

export {
  type NodeAddress,
  type NodeAgent,
  type NodeFetch,
  type NodeFetchInit,
  type NodeFetchOptions,
  type NodeHeaders,
  type NodeLookup,
  type NodeResponse,
  type Pem,
  createNodeFetch,
}
