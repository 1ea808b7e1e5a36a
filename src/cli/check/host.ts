import { property } from '../../shared/property.ts'
import { systemReason } from '../system-reason.ts'
import { failed, ok } from './finding.ts'
import type { Verdict } from './finding.ts'
import type { Facts } from './probe.ts'

/** The verdict on the host: its response, and the time that it took. */
export function hostVerdict({ baseUrl, models, latencyMs, ranking }: Facts): Verdict {
  const { host, origin } = new URL(baseUrl)
  if (models instanceof Error) {
    const [message, advice] = unreachable(models)
    return failed(`${host} ${message}`, advice)
  }
  const { status, headers, body, ms } = models
  if (status >= 300 && status < 400) {
    const to = headers.get('location') ?? ''
    const target = URL.canParse(to, origin) ? new URL(to, origin).origin : 'elsewhere'
    return failed(`${host} redirects to ${target}`, 'Use the address that it redirects to for --base-url')
  }
  if (status >= 500)
    return failed(`${host} responds with ${status}`, 'Try again later, or use the host of another region')
  if (body === undefined && (ranking === undefined || ranking instanceof Error)) {
    return failed(
      `${host} responds with ${status} and no JSON`,
      'Check --base-url: a web page or a proxy responded instead',
    )
  }
  const again = latencyMs === undefined ? '' : `, ${Math.ceil(latencyMs)} ms for another`
  return ok(`${host} responds: ${Math.ceil(ms)} ms for the first request${again}`)
}

function unreachable(error: Error): [message: string, advice: string] {
  const code = property(error.cause, 'code')
  if (error.name === 'TimeoutError')
    return ['does not respond in time', 'Check the network and proxies, or allow more time with --timeout']
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return ['is not known to DNS', 'Check --base-url, and the network']
  if (code === 'ECONNREFUSED') return ['refuses connections', 'Check --base-url, and that the server runs']
  if (code === 'EPROTO' || code === 'ERR_SSL_WRONG_VERSION_NUMBER')
    return ['does not speak TLS', 'Check --base-url: is this an http port?']
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID') {
    return [`has a certificate that is not valid now (${code})`, 'Renew it, or set the clock of this machine']
  }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return ['has a certificate for another host', 'Check --base-url']
  }
  if (isTlsCode(code)) {
    return [`has an untrusted certificate (${code})`, 'Set NODE_EXTRA_CA_CERTS to the authority’s']
  }
  return [`can’t be reached: ${systemReason(error.cause ?? error)}`, 'Check the network and proxies']
}

function isTlsCode(code: unknown): code is string {
  return (
    typeof code === 'string' && /CERT|TLS|SSL|^UNABLE_TO_|^INVALID_(?:CA|PURPOSE)$|^PATH_LENGTH/.test(code)
  )
}
