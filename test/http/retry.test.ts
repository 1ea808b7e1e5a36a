import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  AuthenticationError,
  BadRequestError,
  NotFoundError,
  PaymentRequiredError,
  PermissionDeniedError,
  RateLimitError,
  RerankConnectionError,
  RerankResponseError,
  RerankTimeoutError,
  ServerError,
} from '../../src/index.ts'
import { isRetryable, retryDelayMs } from '../../src/http/retry.ts'

const FACTS = { attempts: 1 }
const policy = {
  maxRetries: 2,
  maxRetryAfterMs: 60_000,
  remainingMs: Infinity,
  limiterSpaces: false,
  random: () => 0,
}
const server = (facts: object = {}): ServerError => new ServerError('', { ...FACTS, status: 503, ...facts })
const connection = (cause: unknown, code?: string): RerankConnectionError =>
  new RerankConnectionError('', { ...FACTS, code, cause })

describe('what is retried', () => {
  test.each([
    ['408', new BadRequestError('', { ...FACTS, status: 408, issues: [] })],
    ['409', new BadRequestError('', { ...FACTS, status: 409, issues: [] })],
    ['425', new BadRequestError('', { ...FACTS, status: 425, issues: [] })],
    ['429', new RateLimitError('', { ...FACTS, status: 429, rateLimit: undefined })],
    ['a call that was held back', new RateLimitError('', { ...FACTS, attempts: 0, rateLimit: undefined })],
    ['500', server({ status: 500 })],
    ['502', server({ status: 502 })],
    ['503', server()],
    ['504', server({ status: 504 })],
    ['another 5xx', server({ status: 529 })],
    ['a failed connection', new RerankConnectionError('', { ...FACTS, code: undefined })],
    ['a fetch that failed', connection(new TypeError('fetch failed'))],
    [
      'a connection on which TLS was disturbed',
      connection(undefined, 'ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC'),
    ],
    ['a connection that ended within TLS', connection(undefined, 'ERR_SSL_UNEXPECTED_EOF_WHILE_READING')],
    ['a response that ended within its headers', connection(undefined, 'HPE_INVALID_EOF_STATE')],
    ['a connection that was closed', connection(undefined, 'HPE_CLOSED_CONNECTION')],
    ['an attempt out of time', new RerankTimeoutError('', { ...FACTS, limit: 'timeoutMs' })],
    ['a truncated answer', new RerankResponseError('', { ...FACTS, status: 200, truncated: true })],
  ])('%s', (_, error) => {
    expect(isRetryable(error)).toBe(true)
  })
})

describe('what is not retried', () => {
  test.each([
    ['400', new BadRequestError('', { ...FACTS, status: 400, issues: [] })],
    ['401', new AuthenticationError('', { ...FACTS, status: 401 })],
    ['402', new PaymentRequiredError('', { ...FACTS, status: 402 })],
    ['403', new PermissionDeniedError('', { ...FACTS, status: 403 })],
    ['404', new NotFoundError('', { ...FACTS, status: 404 })],
    ['413', new BadRequestError('', { ...FACTS, status: 413, issues: [] })],
    ['422', new BadRequestError('', { ...FACTS, status: 422, issues: [] })],
    ['a mistake in the code of a fetch', connection(new ReferenceError('agent is not defined'))],
    ['a certificate that does not hold', connection(undefined, 'CERT_HAS_EXPIRED')],
    ['407', new BadRequestError('', { ...FACTS, status: 407, issues: [] })],
    ['a call out of time', new RerankTimeoutError('', { ...FACTS, limit: 'deadlineMs' })],
    ['an answer that is wrong', new RerankResponseError('', { ...FACTS, status: 200 })],
  ])('%s', (_, error) => {
    expect(isRetryable(error)).toBe(false)
  })

  test.each([
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'SELF_SIGNED_CERT_IN_CHAIN',
    'HOSTNAME_MISMATCH',
    'INVALID_PURPOSE',
    'INVALID_CA',
    'PATH_LENGTH_EXCEEDED',
    'UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY',
    'UNABLE_TO_GET_CRL',
    'CRL_HAS_EXPIRED',
    'UNKNOWN_CERTIFICATE_VERIFICATION_ERROR',
    'ERR_TLS_CERT_ALTNAME_INVALID',
    'EPROTO',
    'ERR_SSL_WRONG_VERSION_NUMBER',
    'ERR_SSL_PACKET_LENGTH_TOO_LONG',
    'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION',
    'ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE',
    'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED',
    'ERR_SSL_TLSV1_UNRECOGNIZED_NAME',
    'ERR_OSSL_UNSUPPORTED',
    'HPE_INVALID_CONSTANT',
    'HPE_HEADER_OVERFLOW',
    'HPE_INVALID_HEADER_TOKEN',
    'HPE_UNEXPECTED_CONTENT_LENGTH',
    'UND_ERR_HEADERS_OVERFLOW',
    'UND_ERR_RES_EXCEEDED_MAX_SIZE',
    'ERR_UNESCAPED_CHARACTERS',
    'ERR_HTTP_INVALID_HEADER_VALUE',
    'ERR_HTTP2_ERROR',
    'EAFNOSUPPORT',
  ])('a connection that failed by %s', (code) => {
    expect(isRetryable(connection(undefined, code))).toBe(false)
  })
})

describe('x-should-retry', () => {
  const said = (word: string): { headers: Record<string, string> } => ({
    headers: { 'x-should-retry': word },
  })

  test('true has a status retried that is not by itself', () => {
    expect(isRetryable(new NotFoundError('', { ...FACTS, status: 404, ...said('true') }))).toBe(true)
  })

  test('false keeps a status from being retried', () => {
    expect(isRetryable(server(said('false')))).toBe(false)
  })

  test.each([
    ['401', new AuthenticationError('', { ...FACTS, status: 401, ...said('true') })],
    ['402', new PaymentRequiredError('', { ...FACTS, status: 402, ...said('true') })],
  ])('true has no %s retried, which somebody has to see', (_, error) => {
    expect(isRetryable(error)).toBe(false)
  })

  test('any other word says nothing', () => {
    expect(isRetryable(server(said('maybe')))).toBe(true)
  })
})

describe('the delay', () => {
  test.each([
    [1, 500],
    [2, 1000],
    [3, 2000],
    [4, 4000],
    [5, 8000],
    [6, 8000],
    [99, 8000],
  ])('after attempt %i is %i ms', (attempts, delayMs) => {
    expect(retryDelayMs(server({ attempts }), { ...policy, maxRetries: 100 })).toBe(delayMs)
  })

  test('is shortened by up to a quarter', () => {
    expect(retryDelayMs(server(), { ...policy, random: () => 1 })).toBe(375)
  })

  test('is what the server asks, without jitter', () => {
    expect(retryDelayMs(server({ retryAfterMs: 1234 }), { ...policy, random: () => 1 })).toBe(1234)
  })

  test('is that of the back-off where the server asks for none', () => {
    expect(retryDelayMs(server({ retryAfterMs: 0 }), policy)).toBe(500)
  })

  test.each([
    [1, 0],
    [2, 0],
    [3, 500],
    [4, 1000],
  ])('after %i 429s in a row under a rate limiter that spaces retries is %i ms', (attempts, delayMs) => {
    const error = new RateLimitError('', { ...FACTS, attempts, status: 429, rateLimit: undefined })
    expect(retryDelayMs(error, { ...policy, maxRetries: 10, limiterSpaces: true })).toBe(delayMs)
  })

  test.each([
    [
      'a 429 under a rate limiter that spaces retries',
      0,
      true,
      new RateLimitError('', { ...FACTS, status: 429, rateLimit: undefined }),
    ],
    [
      'a 429 under one that does not',
      500,
      false,
      new RateLimitError('', { ...FACTS, status: 429, rateLimit: undefined }),
    ],
    ['a 503 under one that does', 500, true, server()],
  ])('that the server leaves open after %s is %i ms', (_, delayMs, limiterSpaces, error) => {
    expect(retryDelayMs(error, { ...policy, limiterSpaces })).toBe(delayMs)
  })
})

describe('there is no next attempt', () => {
  test.each([
    ['once the retries are used up', server({ attempts: 3 }), {}],
    ['without retries', server(), { maxRetries: 0 }],
    ['when the server asks for more than maxRetryAfterMs', server({ retryAfterMs: 60_001 }), {}],
    ['when the wait would outlast the deadline', server({ retryAfterMs: 100 }), { remainingMs: 100 }],
    ['when the back-off would outlast the deadline', server(), { remainingMs: 499 }],
    ['when the deadline is past', server({ retryAfterMs: 0 }), { remainingMs: -1 }],
  ])('%s', (_, error, changes) => {
    expect(retryDelayMs(error, { ...policy, ...changes })).toBeUndefined()
  })

  test('a wait of exactly maxRetryAfterMs is kept', () => {
    expect(retryDelayMs(server({ retryAfterMs: 60_000 }), policy)).toBe(60_000)
  })
})

test('a delay is never NaN, negative, or above the limits', () => {
  const facts = fc.record({
    attempts: fc.integer({ min: 1, max: 200 }),
    retryAfterMs: fc.option(fc.integer({ min: 0, max: 2 ** 40 }), { nil: undefined }),
  })
  const policies = fc.record({
    maxRetries: fc.integer({ min: 0, max: 100 }),
    maxRetryAfterMs: fc.integer({ min: 0, max: 2 ** 31 - 1 }),
    remainingMs: fc.oneof(fc.double({ noNaN: true }), fc.constant(Infinity)),
    limiterSpaces: fc.boolean(),
    random: fc.double({ min: 0, max: 1, noNaN: true }).map((value) => () => value),
  })
  fc.assert(
    fc.property(facts, policies, (known, limits) => {
      const delay = retryDelayMs(server(known), limits)
      if (delay === undefined) return
      expect(delay).toBeGreaterThanOrEqual(0)
      expect(delay).toBeLessThanOrEqual(Math.max(8000, limits.maxRetryAfterMs))
      expect(delay).toBeLessThan(limits.remainingMs)
    }),
  )
})
