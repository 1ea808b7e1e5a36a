import type { Agent } from 'node:http'
import type { LookupFunction } from 'node:net'
import type { SecureContext } from 'node:tls'
import { readOptions } from '../shared/option-table.ts'
import type { OptionTable } from '../shared/option-table.ts'
import { isFunction, WHOLE } from '../shared/validate.ts'
import type { Rule } from '../shared/validate.ts'
import { property } from '../shared/property.ts'
import { loadTls } from './load.ts'
import { environmentProxy, toProxy } from './proxy.ts'
import type { ProxyChoice } from './proxy.ts'

/** PEM text of a certificate or a key, or several. */
export type Pem = string | Uint8Array | readonly (string | Uint8Array)[]

/** An `http.Agent` or `https.Agent`, or whatever Node takes for one. */
export interface NodeAgent {
  /** Closes its connections. */
  destroy(): unknown
}

/** A function that resolves a host name as `dns.lookup` does. */
export type NodeLookup = (
  hostname: string,
  options: { all?: boolean; family?: number | 'IPv4' | 'IPv6'; hints?: number },
  callback: (error: Error | null, address: string | NodeAddress[], family?: number) => void,
) => void

/** An address that {@link NodeLookup} found. */
export interface NodeAddress {
  /** The IP address. */
  address: string
  /** 4 or 6. */
  family: number
}

/** Options of `createNodeFetch`. */
export interface NodeFetchOptions {
  /**
   * The proxy to go through: its URL, with user name and password if it asks for them. `true` takes the one that the
   * environment names, if any, as curl does: `HTTPS_PROXY` or `HTTP_PROXY` by the protocol of the service. Hosts in
   * `NO_PROXY` and loopback are reached directly. The environment is read once. https goes through a tunnel (`CONNECT`) that
   * the proxy can't look into. @default none
   */
  proxy?: true | string | URL | undefined
  /** Certificates of the authorities to trust, in place of the well-known ones. @default those that Node trusts */
  ca?: Pem | undefined
  /** The certificate to show to a service that asks for one. @default none */
  cert?: Pem | undefined
  /** The private key of `cert`. @default none */
  key?: Pem | undefined
  /** The most connections in use at once, 1 or more. Further requests wait for a connection. @default Infinity */
  maxSockets?: number | undefined
  /** Resolves host names in place of `dns.lookup`, such as one with a cache. @default dns.lookup */
  lookup?: NodeLookup | undefined
  /**
   * An agent of your own, which makes and keeps the connections: no other option goes with it, and closing is up to
   * you. @default an agent that keeps connections alive
   */
  agent?: NodeAgent | undefined
}

/** The options with their defaults, checked. */
export interface NodeFetchSettings {
  proxyFor: ProxyChoice
  /** For connections to proxies, which don't get to see `cert`. */
  ca: Pem | undefined
  secureContext: SecureContext | undefined
  maxSockets: number
  lookup: LookupFunction | undefined
  agent: Agent | undefined
}

/** Checks options and fills in defaults. @throws TypeError for an option of the wrong type or range */
export function resolveNodeFetchOptions(
  given: NodeFetchOptions,
  env: Readonly<Record<string, string | undefined>>,
): NodeFetchSettings {
  const options = readOptions(given, TABLE) as NodeFetchOptions
  const { agent, proxy, ca, maxSockets = Infinity, lookup } = options
  const extra = agent && OTHERS.find((name) => options[name] !== undefined)
  if (extra) throw new TypeError(`${extra} has no effect on an agent of your own: leave out one of the two`)
  return {
    proxyFor: proxyChoice(proxy, env),
    ca,
    secureContext: secureContextOf(options),
    maxSockets,
    lookup: lookup as LookupFunction | undefined,
    agent: agent as Agent | undefined,
  }
}

const isPem = (value: unknown): boolean =>
  Array.isArray(value) ? value.length > 0 && value.every(isPem) : isText(value)

const isText = (value: unknown): boolean => typeof value === 'string' || value instanceof Uint8Array

const PEM: Rule = [isPem, 'PEM text, as a string or a Buffer, or an array of such']

const TABLE: OptionTable<NodeFetchOptions> = {
  proxy: {
    rule: [(proxy) => proxy === true || typeof proxy === 'string' || proxy instanceof URL, 'true or a URL'],
  },
  ca: { rule: PEM },
  cert: { rule: PEM },
  key: { rule: PEM },
  maxSockets: { rule: [(count) => count === Infinity || WHOLE[0](count), WHOLE[1]] },
  lookup: { rule: [isFunction, 'a function as dns.lookup'] },
  agent: { rule: [(agent) => isFunction(property(agent, 'addRequest')), 'an http.Agent'] },
}

const OTHERS = ['proxy', 'ca', 'cert', 'key', 'maxSockets', 'lookup'] as const

function proxyChoice(
  proxy: NodeFetchOptions['proxy'],
  env: Readonly<Record<string, string | undefined>>,
): ProxyChoice {
  if (proxy === true) return environmentProxy(env)
  const url = proxy === undefined ? undefined : toProxy('proxy', proxy)
  return () => url
}

/** Made once, so that a certificate that doesn't hold is found at once, and not at the first connection. */
function secureContextOf({ ca, cert, key }: NodeFetchOptions): SecureContext | undefined {
  if (ca === undefined && cert === undefined && key === undefined) return undefined
  if ((cert === undefined) !== (key === undefined)) {
    throw new TypeError(
      `${cert === undefined ? 'key' : 'cert'} needs ${cert === undefined ? 'cert' : 'key'} beside it`,
    )
  }
  // Node passes over what holds no certificate, and then trusts nobody.
  if (ca !== undefined && ![ca].flat().every((pem) => Buffer.from(pem).includes('-----BEGIN'))) {
    throw new TypeError('ca must be the PEM of certificates, got other text (not shown)')
  }
  const parts = Object.entries({ ca, cert, key }).filter(([, value]) => value !== undefined)
  try {
    return loadTls().createSecureContext(Object.fromEntries(parts))
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException
    throw new TypeError(`ca, cert and key must be PEM that belongs together: ${code ?? message}`)
  }
}
