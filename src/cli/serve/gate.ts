import type { IncomingHttpHeaders } from 'node:http'
import { isIP } from 'node:net'

/** Whether an address is this machine's own. */
export function isLoopback(host: string): boolean {
  return /^(?:(?:.+\.)?localhost|127(?:\.\d+){3}|::1|\[::1\])$/i.test(host)
}

/**
 * The gate before a server that spends a key of its own: it says why a request is refused that some web page made
 * its reader's browser send.
 */
export function createGate(host: string): (headers: IncomingHttpHeaders) => string | undefined {
  return ({ host: target = '', origin, 'sec-fetch-site': site }) => {
    // A name that an attacker's DNS points here (DNS rebinding) gives itself away in Host. An address can't.
    const name = hostnameOf(target)
    if (name === undefined || !(isLoopback(name) || isIP(name) !== 0 || name === host.toLowerCase())) {
      return 'The Host header names another server.'
    }
    if (origin !== undefined && origin !== `http://${target}`)
      return 'Pages of other origins may not call this server.'
    // `none` is a person who typed the address, or opened a bookmark.
    if (site !== undefined && site !== 'same-origin' && site !== 'none') {
      return 'Pages of other sites may not call this server.'
    }
    return undefined
  }
}

function hostnameOf(host: string): string | undefined {
  if (!/^[\w.:[\]-]+$/.test(host) || !URL.canParse(`http://${host}`)) return undefined
  return new URL(`http://${host}`).hostname.replace(/^\[|\]$/g, '').toLowerCase()
}
