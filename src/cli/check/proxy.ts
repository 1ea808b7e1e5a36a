import { systemReason } from '../system-reason.ts'
import { variable } from '../terminal.ts'
import type { Shell } from '../terminal.ts'
import type { Finding } from './finding.ts'
import type { Facts } from './probe.ts'

/** The finding on the proxy in use. If the host is not reachable, the proxy may be the reason. */
export function proxyFinding(
  shell: Shell,
  { baseUrl, proxy, models }: Pick<Facts, 'baseUrl' | 'proxy' | 'models'>,
): Finding {
  const kind = baseUrl.startsWith('https:') ? 'HTTPS_PROXY' : 'HTTP_PROXY'
  const name = [kind.toLowerCase(), kind].find((each) => variable(shell, each) !== undefined)
  if (name === undefined) return { name: 'proxy', state: 'ok', message: 'none is set' }
  if (proxy === undefined) {
    return { name: 'proxy', state: 'ok', message: `${name} is set, but not used for this host` }
  }
  const found = `${name} (${new URL(proxy).host})`
  if (!(models instanceof Error)) return { name: 'proxy', state: 'ok', message: `${found} is in use` }
  return {
    name: 'proxy',
    state: 'failed',
    message: `${found} does not lead to the host: ${systemReason(models.cause ?? models)}`,
    advice: 'Check it, or list the host in NO_PROXY',
  }
}
