import { isRerankError } from '../../index.ts'

/** True if an error affects all jobs: of the key, the account, the model, or the connection to the service. */
export function isShared(error: Error): boolean {
  if (isRerankError(error, 'authentication') || isRerankError(error, 'payment')) return true
  if (isRerankError(error, 'not_found')) return isAboutModel(error.body)
  return isRerankError(error, 'connection') && error.code !== undefined && UNREACHABLE.test(error.code)
}

/**
 * True if an error may affect all jobs or only one. For a single query, a firewall may respond with a 403, close the
 * connection, or not respond at all.
 */
export function isSuspect(error: Error): boolean {
  return (['permission', 'not_found', 'connection', 'timeout'] as const).some((kind) =>
    isRerankError(error, kind),
  )
}

/** Codes of what happens before anything is sent: names, routes, ports and certificates (Node's, OpenSSL's, undici's). */
const UNREACHABLE =
  /^(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ENETDOWN|ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT|EPROTO|ERR_SSL_\w+|ERR_TLS_\w+|CERT_\w+|\w+_CERT|\w+_IN_CHAIN|UNABLE_TO_\w+|CRL_\w+|INVALID_(?:CA|PURPOSE)|PATH_LENGTH_EXCEEDED|HOSTNAME_MISMATCH)$/

/** `{"detail": "The model `X` does not exist."}`; a page of a firewall or a proxy is text. */
function isAboutModel(body: unknown): boolean {
  return typeof body === 'object' && body !== null && /\bmodel\b/i.test(JSON.stringify(body))
}
