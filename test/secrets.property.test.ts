import { inspect } from 'node:util'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { headersOf } from '../src/api/response.ts'
import { createRedactor } from '../src/errors/redact.ts'
import { tries } from './helpers/effort.ts'
import {
  answers,
  answersOk,
  answerTo,
  clientOf,
  rejection,
  REQUEST,
  scripted,
  throws,
} from './helpers/rerank.ts'
import type { Step } from './helpers/rerank.ts'
import { viewsOf } from './helpers/views.ts'

const RUN = 12
const SEED = 25

/** Printable characters without a blank, and alphabets of common keys. */
const secrets = fc.oneof(
  text('!-~', 24, 80),
  text('A-Za-z0-9', 24, 80),
  text('A-Za-z0-9._~+/=-', 24, 200),
  text('0-9a-f', 32, 64),
  fc.uuid(),
  fc
    .tuple(text('A-Za-z0-9_-', 20, 60), text('A-Za-z0-9_-', 20, 90), text('A-Za-z0-9_-', 43, 43))
    .map((jwt) => jwt.join('.')),
)

function text(range: string, minLength: number, maxLength: number): fc.Arbitrary<string> {
  const within = new RegExp(`^[${range}]$`)
  const letters = Array.from({ length: 94 }, (_, index) => String.fromCharCode(33 + index)).filter((letter) =>
    within.test(letter),
  )
  return fc.string({ unit: fc.constantFrom(...letters), minLength, maxLength })
}

const hexOf = (letter: string): string => letter.charCodeAt(0).toString(16).padStart(2, '0')
const HTML: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Spellings of one character. */
const LETTERS: Readonly<Record<string, (letter: string) => string>> = {
  plain: (letter) => letter,
  upper: (letter) => letter.toUpperCase(),
  lower: (letter) => letter.toLowerCase(),
  hex: hexOf,
  percent: (letter) => `%${hexOf(letter)}`,
  percentTwice: (letter) => `%25${hexOf(letter).toUpperCase()}`,
  url: encodeURIComponent,
  json: (letter) => JSON.stringify(letter).slice(1, -1),
  jsonInJson: (letter) => JSON.stringify(JSON.stringify(letter).slice(1, -1)).slice(1, -1),
  unicode: (letter) => `\\u00${hexOf(letter)}`,
  html: (letter) => HTML[letter] ?? letter,
  number: (letter) => `&#${letter.charCodeAt(0)};`,
  hexNumber: (letter) => `&#x${hexOf(letter)};`,
  htmlInUrl: (letter) => encodeURIComponent(HTML[letter] ?? letter),
  numberWithZeros: (letter) => `&#${String(letter.charCodeAt(0)).padStart(7, '0')};`,
  hexNumberWithZeros: (letter) => `&#x${hexOf(letter).padStart(7, '0')};`,
  percentFourTimes: (letter) => `%252525${hexOf(letter)}`,
  percentUnicode: (letter) => `%u00${hexOf(letter)}`,
  octal: (letter) => `\\${letter.charCodeAt(0).toString(8).padStart(3, '0')}`,
  braces: (letter) => `\\u{${hexOf(letter)}}`,
  hexOfUpper: (letter) => hexOf(letter.toUpperCase()),
  utf16: (letter) => `${letter}\0`,
  zeroWidth: (letter) => `${letter}\u200b`,
  zeroWidthInJson: (letter) => `${letter}\\u200b`,
  fullWidth: (letter) => String.fromCharCode(letter.charCodeAt(0) + 0xfee0),
  fullWidthInJson: (letter) => `\\u${(letter.charCodeAt(0) + 0xfee0).toString(16)}`,
}

/** Spellings in base64: of what, how many characters of that are one of the secret's, and how its characters are spelt. */
const BASE64: Readonly<
  Record<string, [inner: (text: string) => string, each: number, outer: (letter: string) => string]>
> = {
  base64: [(all) => all, 1, (letter) => letter],
  base64url: [(all) => all, 1, (letter) => letter.replace('+', '-').replace('/', '_')],
  base64OfUpper: [(all) => all.toUpperCase(), 1, (letter) => letter],
  base64OfPercent: [
    (all) => Array.from(all, (letter) => `%${hexOf(letter)}`).join(''),
    3,
    (letter) => letter,
  ],
  base64OfHex: [(all) => Array.from(all, hexOf).join(''), 2, (letter) => letter],
  base64OfUtf16: [(all) => all.replace(/./g, '$&\0'), 2, (letter) => letter],
  base64OfBase64: [btoa, 4 / 3, (letter) => letter],
  percentOfBase64: [(all) => all, 1, (letter) => `%${hexOf(letter)}`],
  hexOfBase64: [(all) => all, 1, hexOf],
  jsonOfBase64OfBase64: [btoa, 4 / 3, (letter) => `\\u00${hexOf(letter)}`],
}

interface Leak {
  secret: string
  /** The text that gives it away, and the pieces of it that each hold a run of the secret. */
  shown: string
  pieces: string[]
}

/** A part of a random secret in a random spelling. */
const leaks: fc.Arbitrary<Leak> = fc
  .record({
    secret: secrets,
    spelling: fc.constantFrom(...Object.keys(LETTERS), ...Object.keys(BASE64), 'list'),
    from: fc.nat(10),
    length: fc.integer({ min: RUN, max: 200 }),
    wrap: fc.constantFrom(0, 0, 5, 20, 64),
    line: fc.constantFrom('\n', '\r\n  ', '\t', '\n> ', '\n| ', '\n>> '),
    before: fc.constantFrom('', 'a', 'ab', 'user:'),
    after: fc.constantFrom('', 'z', '?~end'),
  })
  .map(({ secret, spelling, from, length, wrap, line, before, after }) => {
    const part = secret.slice(from, from + length)
    if (spelling === 'list') return { secret, ...asList(part) }
    const [inner, each, outer] = BASE64[spelling] ?? []
    const spelt = inner
      ? Array.from(btoa(inner(before + part + after)), outer ?? String)
      : Array.from(part, LETTERS[spelling] ?? String)
    // 12 characters are 16 of base64, and those at its ends may be their neighbours' as well.
    const share = ((each ?? 1) * 4) / 3
    const size = inner ? Math.ceil(RUN * share) : RUN
    const [first, last] = inner
      ? [Math.ceil(before.length * share), Math.ceil(after.length * share) + 3 * Math.ceil(share)]
      : [0, 0]
    const pieces = piecesOf(spelt.slice(first, spelt.length - last), size)
    const shown = spelt.join('')
    return { secret, shown: wrap ? shown.replace(RegExp(`.{${wrap}}`, 'g'), `$&${line}`) : shown, pieces }
  })

function piecesOf(spelt: readonly string[], size: number): string[] {
  return spelt.flatMap((_, at) => (at + size <= spelt.length ? [spelt.slice(at, at + size).join('')] : []))
}

/** The bytes of a text as JSON has them: of a Buffer, where it is of even length, or of another array of bytes. */
function asList(part: string): Omit<Leak, 'secret'> {
  const bytes = Buffer.from(part)
  const isBuffer = part.length % 2 === 0
  const entry = (code: number, at: number): string => (isBuffer ? `${code}` : `"${at}":${code}`)
  return {
    shown: JSON.stringify(isBuffer ? bytes : new Uint8Array(bytes)),
    pieces: piecesOf(
      [...bytes].map((code, at) => `${entry(code, at)},`),
      RUN,
    ).map((piece) => piece.slice(0, -1)),
  }
}

const oneWord = (shown: string): string => shown.replace(/\s/g, '')
/** As a log may quote it: more escapes, and lines, hide nothing. */
const plain = (shown: string): string => shown.replace(/[\s\\>|\0\u200b]/g, '')

function expectNoPiece({ pieces }: Leak, views: readonly string[]): void {
  const all = plain(views.join('\u0000'))
  const found = pieces.map(plain).filter((piece) => all.includes(piece))
  if (found.length > 0) expect.fail(`gave away ${found[0]} in ${all.slice(0, 2000)}`)
}

// Where an error was made gives nothing away, and takes as long to find out as all else.
const { stackTraceLimit } = Error
beforeAll(() => void (Error.stackTraceLimit = 0))
afterAll(() => void (Error.stackTraceLimit = stackTraceLimit))

/** Of a machine that does much else. */
const timeout = 120_000

test('no run of a secret, in any spelling, goes beyond the redactor', { timeout }, () => {
  const places = fc.constantFrom<((shown: string) => unknown)[]>(
    (shown) => shown,
    (shown) => `before ${shown}, after`,
    (shown) => ({ name: shown, message: `no ${shown}`, code: shown, stack: `Error: ${shown}\n at` }),
    (shown) =>
      Object.assign(new Error('no'), { [shown]: shown, [Symbol(shown)]: shown, toJSON: () => shown }),
    (shown) => new TypeError('no', { cause: new Error(shown, { cause: shown }) }),
    (shown) => new AggregateError([new Error(shown)], shown),
    (shown) => headersOf({ 'x-echo': shown, [shown]: '1', server: `a ${shown}` }),
  )
  fc.assert(
    fc.property(
      leaks,
      places,
      fc.constantFrom('authorization', 'cookie', 'dpop', 'x-otp'),
      (leak, place, header) => {
        const redact = createRedactor({
          [header]: header === 'authorization' ? `Bearer ${leak.secret}` : leak.secret,
        })
        const leaving = place(leak.shown)
        const clean =
          typeof leaving === 'string'
            ? redact.text(leaving)
            : Symbol.iterator in (leaving as object)
              ? Object.fromEntries(redact.headers(leaving as ReturnType<typeof headersOf>))
              : redact.thrown(leaving)
        expectNoPiece(leak, [
          ...viewsOf(clean),
          inspect(clean, { depth: 10, showHidden: true, maxStringLength: Infinity }),
        ])
      },
    ),
    { seed: SEED, numRuns: tries(4000) },
  )
})

test('nor does it leave a client', { timeout }, async () => {
  const places = fc.constantFrom<((shown: string) => Step)[]>(
    (shown) => answers(401, { detail: shown, [shown]: [{ shown }] }),
    (shown) => answers(500, `<html><title>${shown}</title>${shown}`),
    (shown) => answers(422, { detail: [{ loc: ['body', shown], msg: shown, type: shown }] }),
    (shown) => answers(429, shown),
    (shown) => answersOk({ error: { message: shown, code: shown } }),
    (shown) => answersOk({ ...answerTo(REQUEST), results: shown }),
    (shown) => answersOk(`{"a":${JSON.stringify(shown)}`),
    (shown) => answersOk(shown),
    (shown) => answers(404, null, { 'x-request-id': oneWord(shown), 'x-echo': oneWord(shown) }),
    (shown) => answers(307, null, { location: `https://${encodeURIComponent(oneWord(shown))}.test/` }),
    (shown) => throws(Object.assign(new Error(`no ${shown}`), { code: shown, [Symbol(shown)]: shown })),
    (shown) => throws(new TypeError('no', { cause: Object.assign(new Error(shown), { [shown]: 1 }) })),
    (shown) => throws(shown),
    (shown) => async () =>
      ({
        ok: false,
        status: 500,
        statusText: shown,
        headers: new Headers(),
        text: async () => shown,
      }) as unknown as Response,
  )
  await fc.assert(
    fc.asyncProperty(leaks, places, fc.boolean(), async (leak, place, own) => {
      const events: unknown[] = []
      const hear = (event: unknown): unknown => events.push(event)
      const client = clientOf(scripted(place(leak.shown)), {
        ...(own ? { headers: { 'x-otp': leak.secret } } : { apiKey: leak.secret }),
        hooks: { onRequest: hear, onResponse: hear, onRetry: hear, onError: hear },
      })
      const reason = await rejection(client.rerank(REQUEST))
      expect(reason).toHaveProperty('kind')
      expectNoPiece(leak, [
        ...viewsOf(reason),
        ...viewsOf(structuredClone(reason)),
        ...events.flatMap(viewsOf),
      ])
    }),
    { seed: SEED, numRuns: tries(1000) },
  )
})

test('nothing but secrets is masked', () => {
  const said =
    'The model `Qwen/Qwen3-Reranker-8B` does not exist; upstream connect error or disconnect/reset before headers. authorization Bearer token is invalid &lt;b&gt; 100% %20 \\n \\u0041 {"detail":"Unauthorized"} 550e8400-e29b-41d4-a716-446655440000 2026-01-01T00:00:00Z'
  const texts = fc.array(fc.oneof(fc.constantFrom(...said.split(' ')), fc.string()), { maxLength: 40 })
  fc.assert(
    fc.property(secrets, texts, (secret, words) => {
      const redact = createRedactor({ authorization: `Bearer ${secret}`, 'x-team': 'search' })
      expect(redact.text(words.join(' '))).toBe(words.join(' '))
    }),
    { seed: SEED, numRuns: tries(1000) },
  )
})
