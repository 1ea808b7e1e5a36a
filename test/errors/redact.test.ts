import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { createRedactor } from '../../src/errors/redact.ts'
import { KEY } from '../helpers/rerank.ts'

const redact = createRedactor({ authorization: `Bearer ${KEY}`, 'x-plain': 'not-secret-at-all' })

describe('text', () => {
  test('loses every secret and nothing else', () => {
    expect(redact.text(`a ${KEY} b ${KEY}, not-secret-at-all`)).toBe(
      'a [redacted] b [redacted], not-secret-at-all',
    )
  })

  test('loses the start of a secret where it was cut', () => {
    expect(redact.text(`a ${KEY.slice(0, 8)}`)).toBe('a [redacted]')
    expect(redact.text(`a ${KEY.slice(0, -1)}`)).toBe('a [redacted]')
    expect(redact.text(`a ${KEY.slice(0, 7)}`)).toBe(`a ${KEY.slice(0, 7)}`)
  })

  test('loses it where the text begins, and where one follows the other', () => {
    const start = KEY.slice(0, 20)
    expect(redact.text(`${start}${start} b`)).toBe('[redacted][redacted] b')
  })

  test('loses all of that start where the secret repeats itself', () => {
    const repetitive = 'ab'.repeat(20)
    expect(createRedactor({ cookie: repetitive }).text(`x${repetitive.slice(0, 30)}`)).toBe('x[redacted]')
  })

  test.each(['Bearer ', 'bearer  ', 'Basic ', ''])('loses a secret sent as %j', (scheme) => {
    expect(createRedactor({ 'x-api-key': scheme + KEY }).text(`(${KEY})`)).toBe('([redacted])')
  })

  test('loses a secret as JSON and URLs spell it', () => {
    const odd = 'a"b\\c/d+e=f&g'
    const redactor = createRedactor({ authorization: `Bearer ${odd}` })
    expect(redactor.text(JSON.stringify({ odd }))).toBe('{"odd":"[redacted]"}')
    expect(redactor.text(`?key=${encodeURIComponent(odd)}`)).toBe('?key=[redacted]')
  })

  test('loses a secret as HTML spells it', () => {
    const redactor = createRedactor({ authorization: 'Bearer <a&b>cdefgh' })
    expect(redactor.text('<p>&lt;a&amp;b&gt;cdefgh</p>')).toBe('<p>[redacted]</p>')
  })

  test('keeps what a placeholder for a key happens to be', () => {
    expect(createRedactor({ authorization: 'Bearer local' }).text('local')).toBe('local')
  })
})

describe('JSON', () => {
  test('loses secrets in values and keys, and keeps all else', () => {
    expect(redact.json({ a: [KEY, 1, null, true], [KEY]: { b: `x${KEY}` } })).toEqual({
      a: ['[redacted]', 1, null, true],
      '[redacted]': { b: 'x[redacted]' },
    })
  })

  test.each([
    ['lists', '[', ']', '[["[redacted]"]]'],
    ['objects', '{"a":', '}', '{"a":{"a":"[redacted]"}}'],
  ])('is cut where %s are nested beyond reason', (_, open, close, innermost) => {
    const deep: unknown = JSON.parse(`${open.repeat(50_000)}1${close.repeat(50_000)}`)
    expect(JSON.stringify(redact.json(deep))).toContain(innermost)
  })

  test.each([
    [101, '[]'],
    [102, '["[redacted]"]'],
  ])('of %i levels ends in %s', (levels, innermost) => {
    const deep: unknown = JSON.parse('['.repeat(levels) + ']'.repeat(levels))
    expect(JSON.stringify(redact.json(deep)).replace(/^\[{100}|\]{100}$/g, '')).toBe(innermost)
  })

  test('reaches no prototype', () => {
    const value = redact.json(JSON.parse('{"__proto__":{"polluted":true}}')) as object
    expect(value).not.toHaveProperty('polluted')
    expect({}).not.toHaveProperty('polluted')
  })
})

test('headers lose secrets and cookies', () => {
  const headers = new Headers([
    ['set-cookie', 'a=1'],
    ['set-cookie', 'b=2'],
    ['x-echo', KEY],
    ['server', 'x'],
  ])
  expect(redact.headers(headers)).toEqual({ server: 'x', 'x-echo': '[redacted]' })
})

describe('a cause', () => {
  test('without a secret is kept as it is', () => {
    const cause = new TypeError('fetch failed', {
      cause: Object.assign(new Error('x'), { code: 'ECONNRESET' }),
    })
    expect(redact.cause(cause)).toBe(cause)
  })

  const own = (properties: object): Error => Object.assign(new Error('fault'), properties)
  /** An error whose words come from its class alone. */
  const ofClass = (words: object): Error => {
    const prototype: object = Object.assign(Object.create(Error.prototype) as object, words)
    const error = Object.defineProperty(new Error(), 'stack', { value: '' })
    return Object.setPrototypeOf(error, prototype) as Error
  }

  test.each([
    ['numbers, flags and nothing', own({ status: 500, ok: false, body: null, code: undefined })],
    ['lists and plain objects', own({ issues: [{ at: 1 }] })],
    ['an object without a prototype', own({ groups: Object.create(null) as object })],
    ['five levels', own({ a: { b: { c: { d: { e: {} } } } } })],
  ])('with %s is kept as it is', (_, cause) => {
    expect(redact.cause(cause)).toBe(cause)
  })

  test('with six levels becomes a copy, as nobody looks so deep', () => {
    expect(redact.cause(own({ a: { b: { c: { d: { e: { f: {} } } } } } }))).not.toHaveProperty('a')
  })

  test.each([
    ['in its message', new Error(`fault ${KEY}`)],
    ['in a DOMException’s message', new DOMException(`fault ${KEY}`, 'AbortError')],
    ['in its name', Object.defineProperty(new Error('fault'), 'name', { value: KEY })],
    ['in a message of its class', ofClass({ message: `fault ${KEY}` })],
    ['in a name of its class', ofClass({ name: KEY })],
    ['in its code', own({ code: `fault ${KEY}` })],
    ['in a property', own({ config: { headers: { authorization: `Bearer ${KEY}` } } })],
    ['in a hidden property', Object.defineProperty(new Error('fault'), 'request', { value: [KEY] })],
    ['in a symbol’s property', own({ [Symbol('request')]: KEY })],
    ['in Headers', own({ headers: new Headers({ authorization: KEY }) })],
    ['in a Request', own({ request: new Request('https://a.test', { headers: { authorization: KEY } }) })],
    ['in a function’s closure', own({ show: () => KEY })],
    ['in its cause', new Error('fault', { cause: own({ config: KEY }) })],
    ['in an error of an AggregateError', new AggregateError([new Error(KEY)], 'fault')],
    ['too deep to look', own({ a: { b: { c: { d: { e: { f: { g: KEY } } } } } } })],
  ])('that holds a secret %s becomes a copy without it', (_, cause) => {
    const copy = redact.cause(cause)
    expect(copy).toBeInstanceOf(Error)
    expect(inspect(copy, { depth: 20, showHidden: true })).not.toContain(KEY)
    expect(copy).toHaveProperty('message', cause.message.replace(KEY, '[redacted]'))
  })

  test('keeps name, code, stack and causes in its copy', () => {
    const cause = Object.assign(new TypeError('inner'), { code: 'ECONNRESET' })
    const copy = redact.cause(Object.assign(new RangeError('outer', { cause }), { init: KEY }))
    expect(copy).toMatchObject({ name: 'RangeError', message: 'outer' })
    expect(copy).toHaveProperty('stack', expect.stringContaining('redact.test.ts'))
    expect(copy).toHaveProperty('cause', expect.objectContaining({ name: 'TypeError', code: 'ECONNRESET' }))
  })

  test('without a code has none in its copy', () => {
    expect(redact.cause(own({ init: KEY }))).not.toHaveProperty('code')
  })

  test('that goes round in circles becomes a copy with five causes', () => {
    const cause = new Error('fault')
    cause.cause = cause
    let [copy, errors] = [redact.cause(cause), 0]
    for (; copy instanceof Error; copy = copy.cause) errors += 1
    expect(errors).toBe(6)
  })

  test('with a stack that is no text loses it', () => {
    const cause = Object.assign(new Error(KEY), { stack: [{}] as unknown as string })
    expect(redact.cause(cause)).toHaveProperty('stack', '')
  })

  test.each([[`text ${KEY}`], [{ [KEY]: 1, a: KEY }], [new Headers({ a: KEY })], [() => KEY]])(
    'that is no error is dropped where it may hold a secret: %o',
    (cause) => {
      expect(redact.cause(cause)).toBeUndefined()
    },
  )
})

describe('a secret is recognised', () => {
  const secret = 'SECRET&abcdef0123456789'
  test.each([
    ['after any scheme', { authorization: `Api-Key ${secret}` }, secret],
    ['among cookies', { cookie: `a=1; session=${secret}` }, secret],
    ['among cookies without blanks', { cookie: `a=1;session=${secret}` }, secret],
    ['in a header of another name', { 'x-password': secret }, secret],
    ['quoted in HTML', { authorization: `Bearer ${secret}` }, 'SECRET&amp;abcdef0123456789'],
    ['with angles quoted in HTML', { cookie: 'SECRET<abcdef>' }, 'SECRET&lt;abcdef&gt;'],
    ['quoted in part', { authorization: `Bearer ${secret}` }, 'SECRET&abcdef0'],
    ['decoded from a Basic pair', { authorization: `Basic ${btoa(`user:${secret}`)}` }, secret],
    ['decoded from a pair behind blanks', { authorization: `basic  ${btoa(`user:${secret}`)}` }, secret],
  ])('%s', (_, headers, shown) => {
    const text = createRedactor(headers).text(`refused ${shown}*** here`)
    expect(text).toMatch(/^refused \[redacted\].* here$/)
    expect(text).not.toContain(shown.slice(0, 12))
  })

  test.each([
    [12, '[redacted]'],
    [11, secret.slice(0, 11)],
  ])('by a beginning of 12 characters, and not of fewer: %i', (length, shown) => {
    const redactor = createRedactor({ authorization: `Bearer ${secret}` })
    expect(redactor.text(`here is ${secret.slice(0, length)} and more`)).toBe(`here is ${shown} and more`)
  })

  test('by half of a short one', () => {
    const redactor = createRedactor({ authorization: 'Bearer KEY-0123456789ab' })
    expect(redactor.text('here is KEY-0123 and more')).toBe('here is [redacted] and more')
  })

  test('behind a beginning of itself', () => {
    const redactor = createRedactor({ authorization: 'Bearer abcabcabcabcX0123456789' })
    expect(redactor.text('abcabcabcabcabcX0123456789 is bad')).toBe('abc[redacted] is bad')
  })

  test('as a whole from 8 characters', () => {
    expect(createRedactor({ cookie: 'hunter22' }).text('use hunter22 here')).toBe('use [redacted] here')
    expect(createRedactor({ cookie: 'hunter2' }).text('use hunter2 here')).toBe('use hunter2 here')
  })
})

test('a cause that throws when it is looked at is left out', () => {
  const cause = Object.defineProperty(new Error('x'), 'detail', {
    enumerable: true,
    get: () => {
      throw new Error('no')
    },
  })
  expect(createRedactor({ authorization: 'Bearer SECRET-0123456789' }).cause(cause)).toBeUndefined()
})
