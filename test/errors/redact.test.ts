import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { headersOf } from '../../src/api/response.ts'
import { createRedactor, isSecretHeader } from '../../src/errors/redact.ts'
import { KEY } from '../helpers/rerank.ts'

/** A redactor that has read no secret yet. */
const redactor = () => createRedactor({ authorization: `Bearer ${KEY}`, 'user-agent': 'not-secret-at-all' })

const hexOf = (text: string): string => Buffer.from(text).toString('hex')
const each = (text: string, spell: (hex: string, code: number) => string): string =>
  Array.from(text, (letter) => spell(hexOf(letter), letter.charCodeAt(0))).join('')

describe('text', () => {
  test('loses every secret and nothing else', () => {
    expect(redactor().text(`a ${KEY} b ${KEY}, not-secret-at-all`)).toBe(
      'a [redacted] b [redacted], not-secret-at-all',
    )
  })

  test.each([
    ['the whole', KEY],
    ['its beginning', KEY.slice(0, 12)],
    ['its end', KEY.slice(-12)],
    ['its middle', KEY.slice(5, 17)],
    ['upper case', KEY.toUpperCase()],
    ['hexadecimal', hexOf(KEY)],
    ['hexadecimal in upper case', hexOf(KEY).toUpperCase()],
    ['percent signs', each(KEY, (hex) => `%${hex}`)],
    ['percent signs twice over', each(KEY, (hex) => `%25${hex}`)],
    ['percent signs three times over', each(KEY, (hex) => `%2525${hex}`)],
    ['escapes of JSON', each(KEY, (hex) => `\\u00${hex}`)],
    ['escapes of JSON within JSON', each(KEY, (hex) => `\\\\u00${hex}`)],
    ['escapes of JavaScript', each(KEY, (hex) => `\\x${hex}`)],
    ['numbers of HTML', each(KEY, (_, code) => `&#${code};`)],
    ['hexadecimal numbers of HTML', each(KEY, (hex) => `&#x00${hex};`)],
    ['numbers of HTML in a URL', encodeURIComponent(each(KEY, (_, code) => `&#${code};`))],
    ['lines', KEY.replace(/.{5}/g, '$&\r\n  ')],
    ['lines of JSON', KEY.replace(/.{5}/g, String.raw`$&\n\t`)],
    ['lines, in percent signs', each(KEY.replace(/.{5}/g, '$&\n'), (hex) => `%${hex}`)],
    ['lines that part an escape', each(KEY, (hex) => `%${hex}`).replace(/.{8}/g, '$&\n')],
    ['percent signs six times over', each(KEY, (hex) => `%2525252525${hex}`)],
    ['percent signs of Unicode', each(KEY, (hex) => `%u00${hex}`)],
    ['octal escapes', each(KEY, (_, code) => `\\${code.toString(8)}`)],
    ['escapes in braces', each(KEY, (hex) => `\\u{0000${hex}}`)],
    ['numbers of HTML with seven digits', each(KEY, (_, code) => `&#${String(code).padStart(7, '0')};`)],
    ['numbers of HTML without an end', `${each(KEY, (_, code) => `&#${code}`)};`],
    ['hexadecimal numbers of seven digits', each(KEY, (hex) => `&#x00000${hex};`)],
    ['upper case in hexadecimal', hexOf(KEY.toUpperCase())],
    ['hexadecimal of hexadecimal', hexOf(hexOf(KEY))],
    ['hexadecimal with colons', each(KEY, (hex) => `${hex}:`).slice(0, -1)],
    ['quoted lines', KEY.replace(/.{5}/g, '$&\n> ')],
    ['lines of a table', KEY.replace(/.{5}/g, '$&\r\n| ')],
    ['lines of a comment', KEY.replace(/.{5}/g, '$&\n# ')],
    ['quoted lines of JSON', KEY.replace(/.{5}/g, String.raw`$&\n> `)],
    ['parts that are put together', KEY.replace(/.{6}/g, '$&" + "')],
    ['lines of HTML', KEY.replace(/.{5}/g, '$&<br />\n')],
    ['soft hyphens of HTML', KEY.replace(/.{5}/g, '$&&shy;')],
    ['spaces of HTML', KEY.replace(/.{5}/g, '$&&nbsp;')],
    ['letters of a list', Array.from(KEY).join('", "')],
    ['letters with spaces of no width', Array.from(KEY).join('\u200b')],
    ['letters with marks of byte order', Array.from(KEY).join('\ufeff')],
    ['letters with spaces of no width in JSON', Array.from(KEY).join('\\u200b')],
    ['UTF-16', Array.from(KEY).join('\0')],
    ['wide letters', each(KEY, (_, code) => String.fromCharCode(code + 0xfee0))],
    ['wide letters in JSON', each(KEY, (_, code) => `\\u${(code + 0xfee0).toString(16)}`)],
    ['mixed spellings', `${each(KEY.slice(0, 9), (hex) => `%${hex}`)}${KEY.slice(9).toUpperCase()}`],
  ])('loses a secret in this spelling: %s', (_, spelling) => {
    expect(redactor().text(`(${spelling})`)).toBe('([redacted])')
    expect(redactor().text(spelling)).toBe('[redacted]')
  })

  test.each(['', 'a', 'ab', 'abc', 'user:'])('loses base64 of it behind %j', (before) => {
    for (const encoding of ['base64', 'base64url'] as const) {
      const clean = redactor().text(`(${Buffer.from(`${before}${KEY}?~more`).toString(encoding)})`)
      // All but the characters that its neighbours have a part in.
      const known = Buffer.from(KEY).toString('base64url').slice(4, -4)
      expect(clean).toMatch(/^\([\w+/-]{0,8}\[redacted\][\w+/=-]{0,13}\)$/)
      expect(clean).not.toContain(known.slice(0, 12))
    }
  })

  test.each<[string, (encode: (text: string) => string) => string]>([
    ['upper case', (encode) => encode(KEY.toUpperCase())],
    ['percent signs', (encode) => encode(each(KEY, (hex) => `%${hex}`))],
    ['hexadecimal', (encode) => encode(hexOf(KEY))],
    ['base64', (encode) => encode(encode(KEY))],
    ['base64 of base64', (encode) => encode(encode(encode(KEY)))],
    ['UTF-16', (encode) => encode(Array.from(KEY).join('\0'))],
    ['JSON', (encode) => encode(JSON.stringify({ a: KEY }))],
    ['percent signs', (encode) => each(encode(KEY), (hex) => `%${hex}`)],
    ['nothing, in lower case, as the name of a header is', (encode) => encode(KEY).toLowerCase()],
    ['nothing, in quoted lines', (encode) => encode(KEY).replace(/.{7}/g, '$&\n> ')],
  ])('loses base64 of %s', (_, spell) => {
    for (const encoding of ['base64', 'base64url'] as const) {
      const shown = spell((text) => Buffer.from(text).toString(encoding))
      const clean = redactor().text(`before: ${shown}`)
      expect(clean).toMatch(/^before: \w{0,8}\[redacted\][^]{0,8}$/)
    }
  })

  test.each([
    ['of a Buffer', JSON.stringify(Buffer.from(KEY))],
    ['of other bytes', JSON.stringify(new Uint8Array(Buffer.from(KEY)))],
    ['that was printed', inspect(new Uint8Array(Buffer.from(KEY)))],
    ['in hexadecimal', inspect(Buffer.from(KEY), { maxArrayLength: null })],
  ])('loses the list %s', (_, shown) => {
    expect(redactor().text(shown)).toMatch(/^[\D\d]{0,30}\[redacted\][\s\]}>]*$/)
  })

  test.each([
    ['marks of HTML', (letter: string) => `<b>${letter}</b>`],
    ['colours of a terminal', (letter: string) => `\u001b[1;31m${letter}\u001b[0m`],
    ['their places', (letter: string, at: number) => `"${at}":"${letter}",`],
  ])('loses the letters of a secret among %s', (_, spelt) => {
    const clean = redactor().text(Array.from(KEY, spelt).join(''))
    expect(clean).toContain('[redacted]')
    expect(clean.length).toBeLessThan(40)
  })

  test('loses two of the same spelling', () => {
    const twice = btoa(btoa(KEY))
    expect(redactor().text(`${twice} ab ${twice}`)).toMatch(/^\[redacted\]\w{0,3} ab \[redacted\]\w{0,3}$/)
  })

  test('keeps a run of 11 characters', () => {
    const shown = `here is ${KEY.slice(0, 11)} and ${KEY.slice(-11)}`
    expect(redactor().text(shown)).toBe(shown)
  })

  test('keeps ordinary words', () => {
    const text =
      'The bearer of the authorization is not allowed: 100% &lt;b&gt; \\u0041 0123 0x0123456789 content-type application/json'
    expect(redactor().text(text)).toBe(text)
    const odd = createRedactor({ authorization: 'Digest username="a", response="b"', 'x-env': 'production' })
    expect(odd.text('no username in the response of production')).toBe(
      'no username in the response of production',
    )
  })

  test('loses secrets that stand one after the other', () => {
    expect(redactor().text(`${KEY.slice(0, 20)}${KEY.slice(0, 20)} b`)).toBe('[redacted] b')
  })

  test.each([
    ['by any scheme', { authorization: `Api-Key ${KEY}` }, KEY],
    ['without a scheme', { 'x-otp': KEY }, KEY],
    ['among cookies', { cookie: `a=1; session=${KEY}` }, KEY],
    ['as a quoted parameter', { 'x-credentials': `Token token="${KEY}"` }, KEY],
    ['of a Basic pair', { authorization: `Basic ${btoa(`user:${KEY}`)}` }, KEY],
    ['of a Basic pair, short', { authorization: 'basic  dXNlcjpzd29yZGZpc2g=' }, 'swordfish'],
    ['of letters alone, short', { authorization: 'Bearer swordfish' }, 'swordfish'],
    ['of 12 letters', { 'x-team': 'abcdefghijkl' }, 'abcdefghijkl'],
    ['with a digit, short', { cookie: 'a=hunter22' }, 'hunter22'],
    ['of six digits', { 'x-otp': '123456' }, '123456'],
    ['of six letters', { 'x-otp': 'secret' }, 'secret'],
    ['of six capitals', { 'x-team': 'ABCDEF' }, 'ABCDEF'],
    ['with a digit, very short', { cookie: 'hunter2' }, 'hunter2'],
    ['of Latin-1', { 'x-pass': 'Übergrößenträger-é' }, 'Übergrößenträger-é'],
    ['a payload of a JWT', { authorization: `Bearer e30.${btoa(KEY)}.c2ln` }, btoa(KEY)],
  ])('loses a secret sent %s', (_, headers, secret) => {
    expect(createRedactor(headers as never).text(`refused ${secret} here`)).toBe('refused [redacted] here')
  })

  test.each([
    ['a placeholder', { authorization: 'Bearer local' }, 'local'],
    ['five characters', { 'x-otp': '12345' }, '12345'],
    ['a word', { 'x-team': 'search' }, 'search'],
    ['words', { 'cache-control': 'no-cache' }, 'no-cache'],
    ['six characters in a word', { 'x-otp': 'secret', 'x-pin': '123456' }, 'secretary 0.1234567 and 1234567'],
  ])('keeps %s', (_, headers, text) => {
    expect(createRedactor(headers as never).text(`use ${text} here`)).toBe(`use ${text} here`)
  })

  test('of any length takes no longer than its first 64 KiB', () => {
    expect(redactor().text(' '.repeat(200_000))).toHaveLength(64 * 1024)
  })
})

test('headers lose secrets, in their names as well, and cookies', () => {
  const headers = redactor().headers(
    headersOf({ 'set-cookie': 'a=1', 'x-echo': KEY, [`x-${KEY.toLowerCase()}`]: '1', server: 'x' }),
  )
  expect(Object.fromEntries(headers)).toEqual({ server: 'x', 'x-echo': '[redacted]', 'x-[redacted]': '1' })
  expect(headers.get('x-echo')).toBe('[redacted]')
})

describe('a thrown value', () => {
  const own = (properties: object): Error => Object.assign(new Error('fault'), properties)
  /** An error whose words come from its class alone. */
  const ofClass = (words: object): Error => {
    const prototype: object = Object.assign(Object.create(Error.prototype) as object, words)
    const error = Object.defineProperty(new Error(), 'stack', { value: '' })
    return Object.setPrototypeOf(error, prototype) as Error
  }

  test('is rebuilt of its name, message, code, stack and causes', () => {
    const thrown = new RangeError('outer', {
      cause: Object.assign(new TypeError('inner'), { code: 'ECONNRESET' }),
    })
    const copy = redactor().thrown(thrown)
    expect(copy).not.toBe(thrown)
    expect(copy).toMatchObject({ name: 'RangeError', message: 'outer' })
    expect(copy).toHaveProperty('stack', thrown.stack)
    expect(copy).toHaveProperty('cause', expect.objectContaining({ name: 'TypeError', code: 'ECONNRESET' }))
    expect(Object.keys(copy as object)).toEqual([])
  })

  test.each([
    ['in its message', new Error(`fault ${KEY}`)],
    ['in a DOMException’s message', new DOMException(`fault ${KEY}`, 'AbortError')],
    ['in its name', Object.defineProperty(new Error('fault'), 'name', { value: KEY })],
    ['in a message of its class', ofClass({ message: `fault ${KEY}` })],
    ['in a name of its class', ofClass({ name: KEY, message: 'fault' })],
    ['in its code', own({ code: `fault ${KEY}` })],
    ['in a property', own({ config: { headers: { authorization: `Bearer ${KEY}` } } })],
    ['in the name of a property', own({ [KEY]: 1 })],
    ['in a hidden property', Object.defineProperty(new Error('fault'), 'request', { value: [KEY] })],
    ['in a symbol’s property', own({ [Symbol('request')]: KEY })],
    ['in a symbol’s name', own({ [Symbol(KEY)]: 1 })],
    ['in toJSON', own({ toJSON: () => KEY })],
    ['in its way to be inspected', own({ [inspect.custom]: () => KEY })],
    ['in Headers', own({ headers: new Headers({ authorization: KEY }) })],
    ['in its cause', new Error('fault', { cause: own({ config: KEY, message: KEY }) })],
    ['in a string that is its cause', new Error('fault', { cause: KEY })],
    ['in an error of an AggregateError', new AggregateError([new Error(KEY)], 'fault')],
    ['in another realm’s shape of an error', { name: 'Error', message: `fault ${KEY}`, stack: KEY }],
  ])('that holds a secret %s becomes an error without it', (_, thrown) => {
    const copy = redactor().thrown(thrown)
    expect(copy).toBeInstanceOf(Error)
    expect(inspect(copy, { depth: 20, showHidden: true }) + JSON.stringify(copy)).not.toContain(KEY)
    expect(copy).toHaveProperty('message', thrown.message.replace(KEY, '[redacted]'))
  })

  test('that goes round in circles becomes an error with five causes', () => {
    const thrown = new Error('fault')
    thrown.cause = thrown
    let errors = 0
    for (let copy: unknown = redactor().thrown(thrown); copy instanceof Error; copy = copy.cause) errors += 1
    expect(errors).toBe(6)
  })

  test('with a stack that is no text loses it', () => {
    const thrown = Object.assign(new Error(KEY), { stack: [{}] as unknown as string })
    expect(redactor().thrown(thrown)).toHaveProperty('stack', '')
  })

  test('without a code has none', () => {
    expect(redactor().thrown(own({ code: 5 }))).not.toHaveProperty('code')
  })

  test('that is a string stays one', () => {
    expect(redactor().thrown(`text ${KEY}`)).toBe('text [redacted]')
  })

  const throwing = {
    get message() {
      throw new Error('no')
    },
  }
  test.each([
    ['an object', { [KEY]: 1, a: KEY }],
    ['Headers', new Headers({ a: KEY })],
    ['a function', () => KEY],
    ['null', null],
    ['nothing', undefined],
    ['a number', 7],
    ['a message that throws', throwing],
  ])('that is no error is left out: %s', (...[, thrown]) => {
    expect(redactor().thrown(thrown)).toBeUndefined()
  })
})

describe('a header', () => {
  test.each([
    'authorization',
    'Cookie',
    'dpop',
    'x-bearer',
    'x-otp',
    'x-team',
    'x-accept',
    'accept-secret',
    'user-agent-key',
  ])('%s may hold a secret', (name) => {
    expect(isSecretHeader(name)).toBe(true)
  })

  test.each(['Accept', 'accept-language', 'Content-Type', 'user-agent', 'traceparent', 'x-request-id'])(
    '%s holds none',
    (name) => {
      expect(isSecretHeader(name)).toBe(false)
    },
  )
})
