import { variable } from '../terminal.ts'
import type { Shell } from '../terminal.ts'
import type { Finding } from './findings.ts'

/** The first version of Node whose fetch can heed the variables of proxies. */
const HEEDING = [22, 21] as const

/** Tells which proxy is in use; one that is set and not heeded fails where the host can't be reached without it. */
export function proxyFinding(
  shell: Shell,
  { baseUrl, isReached, node }: { baseUrl: string; isReached: boolean; node: string },
): Finding {
  const { protocol, hostname } = new URL(baseUrl)
  const names = protocol === 'https:' ? ['HTTPS_PROXY', 'https_proxy'] : ['HTTP_PROXY', 'http_proxy']
  const name = names.find((each) => variable(shell, each) !== undefined)
  const value = name === undefined ? undefined : variable(shell, name)
  if (name === undefined || value === undefined) return { name: 'proxy', state: 'ok', message: 'none is set' }
  // A proxy's address may hold a password.
  const where = URL.canParse(value) ? new URL(value).host : 'a value that is not a URL'
  if (isExcepted(hostname, variable(shell, 'NO_PROXY') ?? variable(shell, 'no_proxy') ?? '')) {
    return { name: 'proxy', state: 'ok', message: `${name} (${where}) is not for this host, by NO_PROXY` }
  }
  const [major = 0, minor = 0] = node.split('.').map(Number)
  const canHeed = major > HEEDING[0] || (major === HEEDING[0] && minor >= HEEDING[1])
  if (canHeed && variable(shell, 'NODE_USE_ENV_PROXY') === '1') {
    return { name: 'proxy', state: 'ok', message: `${name} (${where}) is in use` }
  }
  const message = `${name} (${where}) is set, and Node ${node} does not heed it`
  if (isReached) return { name: 'proxy', state: 'ok', message: `${message}: the host is reached without` }
  const advice = canHeed ? 'Set NODE_USE_ENV_PROXY=1' : 'Use Node 24 with NODE_USE_ENV_PROXY=1'
  return { name: 'proxy', state: 'failed', message, advice }
}

function isExcepted(hostname: string, list: string): boolean {
  return list
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .some(
      (entry) => entry === '*' || hostname === entry || hostname.endsWith(`.${entry.replace(/^\*?\./, '')}`),
    )
}
