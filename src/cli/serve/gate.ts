import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { isIP } from 'node:net'
import { failure } from './failure.ts'

/** True if an address is a loopback address. */
export function isLoopback(host: string): boolean {
  return /^(?:(?:.+\.)?localhost|127(?:\.\d+){3}|::1|\[::1\])$/i.test(host)
}

/**
 * The gate before a server that spends a key of its own: it says why a request is rejected that some web page made
 * its reader's browser send.
 *
 * @param names - Host names beside those of this machine that its callers may use, such as a service's in a network of
 * containers, or a proxy's.
 */
export function createGate(names: readonly string[]): (headers: IncomingHttpHeaders) => string | undefined {
  const allowed = new Set(names.map((name) => name.toLowerCase()))
  return ({ host: target = '', origin, 'sec-fetch-site': site }) => {
    // The Host header reveals a name that an attacker's DNS points here (DNS rebinding). An address can't be misused so.
    const name = hostnameOf(target)
    if (name === undefined) return 'The Host header is missing or malformed.'
    if (!(isLoopback(name) || isIP(name) !== 0 || allowed.has(name))) {
      return `The Host header names another server, ${name}. If it is this one, start it with --allow-host ${name}.`
    }
    // A proxy before it may speak https.
    const origins = [`http://${target}`, ...(allowed.has(name) ? [`https://${target}`] : [])]
    if (origin !== undefined && !origins.includes(origin)) {
      return 'Pages of other origins may not call this server.'
    }
    // `none` is a person who typed the address, or opened a bookmark.
    if (site !== undefined && site !== 'same-origin' && site !== 'none') {
      return 'Pages of other sites may not call this server.'
    }
    return undefined
  }
}

/** The name in a Host header, which has no port, no brackets and no capitals; `undefined` for what is none. */
export function hostnameOf(host: string): string | undefined {
  if (!/^[\w.:[\]-]+$/.test(host) || !URL.canParse(`http://${host}`)) return undefined
  return new URL(`http://${host}`).hostname.replace(/^\[|\]$/g, '').toLowerCase()
}

/** The refusal of a caller whose Authorization does not hold the key; `undefined` if it does, or any will do. */
export function refusalByKey(authorization: string, key: string | undefined): Response | undefined {
  if (key === undefined) return undefined
  const given = /^bearer +(\S.*)$/i.exec(authorization)?.[1]
  if (given !== undefined && isSame(given, key)) return undefined
  return failure(401, 'Invalid authentication credentials', { 'www-authenticate': 'Bearer' })
}

/** Compares in the same time, however much of a key is right. */
function isSame(given: string, expected: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(expected))
}
