import { loadNet } from './load.ts'

/** The variables that name proxies; the lower-case spelling of each goes first. */
type Environment = Readonly<Record<string, string | undefined>>

/** Says by which proxy a URL is reached; `undefined` where by none. */
export type ProxyChoice = (url: URL) => URL | undefined

/**
 * The choice that the environment states: `HTTPS_PROXY` and `HTTP_PROXY` by the protocol of the URL, except the hosts
 * that `NO_PROXY` lists and for loopback.
 *
 * @throws TypeError for a proxy that is not an http or https URL; it is not quoted, since it may hold a password.
 */
export function environmentProxy(env: Environment): ProxyChoice {
  const proxies = { 'https:': proxyIn(env, 'https_proxy'), 'http:': proxyIn(env, 'http_proxy') }
  const isDirect = readNoProxy(`${LOOPBACK} ${valueIn(env, 'no_proxy') ?? ''}`)
  return (url) => {
    const proxy = proxies[url.protocol as keyof typeof proxies]
    return proxy && !isDirect(url) ? proxy : undefined
  }
}

/** The hosts that a proxy would take for itself. */
const LOOPBACK = 'localhost 127.0.0.0/8 ::1'

/** A proxy's URL. @throws TypeError which does not quote it */
export function toProxy(name: string, value: string | URL): URL {
  const url = URL.canParse(String(value)) ? new URL(String(value)) : undefined
  if (!url || !/^https?:$/.test(url.protocol) || url.hostname === '') {
    throw new TypeError(
      `${name} must be an http or https URL, got another value (not shown: it may hold a password)`,
    )
  }
  return url
}

/** The host of a URL, an IPv6 address without its brackets. */
export function bare(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, '')
}

/** The port of a URL, its protocol's own where it names none. */
export function portOf({ port, protocol }: URL): number {
  return Number(port) || (protocol === 'https:' ? 443 : 80)
}

function proxyIn(env: Environment, name: string): URL | undefined {
  const value = valueIn(env, name)
  if (value === undefined) return undefined
  // As curl reads it: a host and a port alone are enough.
  return toProxy(name.toUpperCase(), value.includes('://') ? value : `http://${value}`)
}

function valueIn(env: Environment, name: string): string | undefined {
  const value = env[name] ?? env[name.toUpperCase()]
  return value?.trim() === '' ? undefined : value?.trim()
}

/** Reads entries such as `*`, `a.test`, `.a.test`, `*.a.test`, `a.test:8443`, `10.0.0.0/8` and `[::1]`. */
function readNoProxy(list: string): (url: URL) => boolean {
  const entries = list
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
  const matches = entries.map(entryRule)
  return (url) => matches.some((isMatch) => isMatch(bare(url.hostname), portOf(url)))
}

function entryRule(entry: string): (host: string, port: number) => boolean {
  if (entry === '*') return () => true
  const [, bracketed, plain = '', portText] =
    /^(?:\[(.*)\]|([^[\]]*?))(?::(\d+))?$/.exec(addressed(entry)) ?? []
  const name = bracketed ?? plain
  const isNamed = hostRule(name)
  return (host, port) => isNamed(host) && (portText === undefined || Number(portText) === port)
}

/** An IPv6 address has colons of its own. */
function addressed(entry: string): string {
  return isIP(entry) === 6 ? `[${entry}]` : entry
}

function hostRule(name: string): (host: string) => boolean {
  const [address = '', bits] = name.split('/')
  if (isIP(address) === 0) {
    const domain = name.replace(/^\*?\./, '')
    return (host) => host === domain || host.endsWith(`.${domain}`)
  }
  const list = new (loadNet().BlockList)()
  const most = isIP(address) === 4 ? 32 : 128
  const prefix = bits === undefined ? most : Number(bits)
  if (Number.isInteger(prefix) && prefix >= 0 && prefix <= most)
    list.addSubnet(address, prefix, family(address))
  return (host) => isIP(host) !== 0 && list.check(host, family(host))
}

const isIP = (host: string): number => loadNet().isIP(host)

function family(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4'
}
