import { inspect } from 'node:util'
import { describe, expect, test, vi } from 'vitest'
import * as sdk from '../../src/index.ts'
import { isRerankError, RateLimitError, RerankConnectionError, RerankError } from '../../src/index.ts'

const DETAILS = { attempts: 1 }
const CLASSES = [
  ['BadRequestError', 'bad_request', new sdk.BadRequestError('m', { ...DETAILS, issues: [] })],
  ['AuthenticationError', 'authentication', new sdk.AuthenticationError('m', DETAILS)],
  ['PaymentRequiredError', 'payment', new sdk.PaymentRequiredError('m', DETAILS)],
  ['PermissionDeniedError', 'permission', new sdk.PermissionDeniedError('m', DETAILS)],
  ['NotFoundError', 'not_found', new sdk.NotFoundError('m', DETAILS)],
  ['RateLimitError', 'rate_limit', new RateLimitError('m', { ...DETAILS, rateLimit: undefined })],
  ['ServerError', 'server', new sdk.ServerError('m', DETAILS)],
  ['RerankConnectionError', 'connection', new RerankConnectionError('m', { ...DETAILS, code: undefined })],
  ['RerankTimeoutError', 'timeout', new sdk.RerankTimeoutError('m', { ...DETAILS, limit: 'timeoutMs' })],
  ['RerankResponseError', 'response', new sdk.RerankResponseError('m', DETAILS)],
] as const

describe.each(CLASSES)('%s', (name, kind, error) => {
  test('is an Error, and one of ours', () => {
    expect(error).toBeInstanceOf(Error)
    expect(error).toBeInstanceOf(RerankError)
    expect(error).toBeInstanceOf(sdk[name])
  })

  test('has its name and kind as literals', () => {
    expect(error).toMatchObject({ name, kind })
    expect(String(error)).toBe(`${name}: m`)
    expect(error.stack).toMatch(new RegExp(`^${name}: m\n`))
  })

  test('is known by its kind and by no other', () => {
    const kinds = CLASSES.map(([, other]) => other)
    expect(kinds.filter((other) => isRerankError(error, other))).toEqual([kind])
  })
})

describe('what an error knows', () => {
  const facts = {
    attempts: 3,
    status: 429,
    requestId: 'req-1',
    inferenceId: 'inf-1',
    retryAfterMs: 1000,
    rateLimit: { requests: { remaining: 0 } },
  }
  const headers = { 'x-request-id': 'req-1' }
  const body = { detail: 'slow down' }
  const cause = new Error('cause')
  const error = new RateLimitError('m', { ...facts, headers, body, cause })

  test('is on it', () => {
    expect(error).toMatchObject({ ...facts, headers, body, cause })
  })

  test('is in its JSON, but for headers, body and cause', () => {
    expect(JSON.parse(JSON.stringify(error))).toEqual({
      name: 'RateLimitError',
      message: 'm',
      kind: 'rate_limit',
      ...facts,
      retryAt: error.retryAt?.toISOString(),
    })
  })

  test('tells when to come back', () => {
    expect((error.retryAt?.getTime() ?? NaN) - Date.now()).toBeGreaterThan(-60_000)
    expect(new RateLimitError('m', { attempts: 1 }).retryAt).toBeUndefined()
  })

  test('is in its inspection, but for headers and body', () => {
    const shown = inspect(error)
    expect(shown).toContain("requestId: 'req-1'")
    expect(shown).not.toMatch(/slow down|headers/)
  })

  test('leaves no undefined properties', () => {
    const bare = new RerankConnectionError('m', { attempts: 1, code: undefined, status: undefined })
    expect(Object.keys(bare).sort()).toEqual(['attempts', 'kind'])
    expect('cause' in bare).toBe(false)
  })
})

describe('the guard', () => {
  const failed: unknown = new RerankConnectionError('m', { attempts: 1, code: 'ECONNRESET' })

  test('holds for errors of another copy of the package', async () => {
    vi.resetModules()
    const copy = await import('../../src/index.ts')
    const theirs: unknown = new copy.RerankConnectionError('m', { attempts: 1, code: undefined })
    expect(theirs).not.toBeInstanceOf(RerankError)
    expect(isRerankError(theirs)).toBe(true)
    expect(isRerankError(theirs, 'connection')).toBe(true)
    expect(copy.isRerankError(failed, 'connection')).toBe(true)
    expect(copy.isRerankError(failed, 'timeout')).toBe(false)
  })

  test.each([[new Error('m')], [{ kind: 'connection' }], [null], [undefined], ['connection'], [() => 1]])(
    'does not hold for %j',
    (value) => {
      expect(isRerankError(value)).toBe(false)
    },
  )

  test('narrows to the class', () => {
    if (isRerankError(failed, 'connection')) expect(failed.code).toBe('ECONNRESET')
    else expect.fail('no connection error')
  })
})
