import type http from 'node:http'
import type { NodeFetchSettings } from './options.ts'
import { loadHttp, loadHttps } from './load.ts'
import { bare, portOf } from './proxy.ts'
import { createTunnelAgent, proxyAuthorization } from './tunnel.ts'
import type { TunnelRequestOptions } from './tunnel.ts'

/** The way that requests for a URL take. */
export interface Route {
  request: typeof http.request
  options: TunnelRequestOptions
  /** The headers that the way asks for. */
  headers: Readonly<Record<string, string>>
}

/** The ways that requests travel, over connections that are kept. */
export interface Routes {
  /** The way to a URL. @throws TypeError for a URL of another protocol, or with credentials */
  to: (url: string) => Route
  /** Ends the connections that nothing travels on, and keeps none from now on. */
  close: () => void
}

/** Makes the ways that a fetch has. */
export function createRoutes(settings: NodeFetchSettings): Routes {
  const agents = new Map<string, http.Agent>()
  let last: { url: string; route: Route } | undefined

  /** The agent of a kind, which all of that kind share. */
  const agentOf = (kind: string, make: () => http.Agent): http.Agent => {
    const agent = settings.agent ?? agents.get(kind) ?? make()
    if (agent !== settings.agent) agents.set(kind, agent)
    return agent
  }

  return {
    to(url) {
      // A client asks for the same one each time.
      if (last?.url !== url) last = { url, route: routeTo(parse(url), settings, agentOf) }
      return last.route
    },
    close() {
      for (const agent of agents.values()) {
        agent.maxFreeSockets = 0
        for (const sockets of Object.values(agent.freeSockets)) sockets?.forEach((socket) => socket.destroy())
      }
    },
  }
}

type AgentOf = (kind: string, make: () => http.Agent) => http.Agent

/** Deno never ends a connection that is destroyed while it is used for the second time, nor the process then. */
const KEEP = { keepAlive: process.versions['deno'] === undefined }

function routeTo(url: URL, settings: NodeFetchSettings, agentOf: AgentOf): Route {
  const { lookup, secureContext, ca } = settings
  const isSecure = url.protocol === 'https:'
  const proxy = settings.proxyFor(url)
  const looked = lookup ? { lookup } : {}
  const host = bare(url.hostname)
  const path = url.pathname + url.search
  const headers = { host: url.host }
  if (!proxy) {
    const agent = isSecure
      ? agentOf(
          'https',
          () => new (loadHttps().Agent)({ ...KEEP, ...(secureContext ? { secureContext } : {}) }),
        )
      : agentOf('http', () => new (loadHttp().Agent)(KEEP))
    return wayOf(isSecure, { agent, host, port: portOf(url), path, ...looked }, headers)
  }

  const access = { ...looked, ...(ca === undefined ? {} : { ca: ca as string | Buffer }) }
  if (isSecure) {
    const make = (): http.Agent =>
      createTunnelAgent(
        { url: proxy, options: access },
        { ...KEEP, ...(secureContext ? { secureContext } : {}) },
      )
    return wayOf(true, { agent: agentOf('tunnel', make), host, port: portOf(url), path }, headers)
  }
  const isSecureProxy = proxy.protocol === 'https:'
  const agent = agentOf('proxy', () =>
    isSecureProxy ? new (loadHttps().Agent)(KEEP) : new (loadHttp().Agent)(KEEP),
  )
  const options = {
    agent,
    host: bare(proxy.hostname),
    port: portOf(proxy),
    path: url.origin + path,
    ...access,
  }
  return wayOf(isSecureProxy, options, { ...headers, ...proxyAuthorization(proxy) })
}

function wayOf(isSecure: boolean, options: TunnelRequestOptions, headers: Record<string, string>): Route {
  return { request: (isSecure ? loadHttps() : loadHttp()).request, options, headers }
}

function parse(url: string): URL {
  const parsed = new URL(url)
  if (!/^https?:$/.test(parsed.protocol))
    throw new TypeError(`url must be http or https, got ${parsed.protocol}`)
  if (parsed.username !== '' || parsed.password !== '') {
    throw new TypeError('url must hold no credentials (not shown): send them in a header')
  }
  return parsed
}
