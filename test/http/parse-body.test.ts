import { brotliCompressSync, gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { UnusableResponse } from '../../src/api/response.ts'
import { parseBody } from '../../src/http/parse-body.ts'

/** The problem with the body of a 200; `undefined` where there is none. */
function problemWith(text: string): UnusableResponse | undefined {
  try {
    parseBody(text, 200)
    return undefined
  } catch (error) {
    if (error instanceof UnusableResponse) return error
    throw error
  }
}

test.each<[string, Buffer]>([
  ['UTF-16', Buffer.from('\ufeff{"id": "x"}', 'utf16le')],
  ['UTF-16 without a mark', Buffer.from('{"id": "x"}', 'utf16le')],
  ['UTF-16, the other way round', Buffer.from('{"id": "x"}', 'utf16le').swap16()],
  ['zstd', Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x24, 0])],
  ['gzip', gzipSync('{"id": "x"}')],
  ['brotli', brotliCompressSync('{"id": "x"}'.repeat(9))],
  ['Latin-1', Buffer.from('"caf\u00e9', 'latin1')],
])('a body in %s is named', (_, bytes) => {
  expect(problemWith(new TextDecoder().decode(bytes))?.message).toBe(
    'its body is not UTF-8 text: it is compressed, or in another encoding',
  )
})

describe('JSON breaks off', () => {
  test.each([
    '{',
    ' [1, {}',
    '{"a": {"b": 1}',
    '[[1], [2]',
    '{"a',
    '{"a": "',
    '{"a": "b\\"',
    '{"a": "\\\\\\"',
    '["a\nb", "c',
    '[1], "',
    '[1], "a',
    String.raw`[1], "a\"`,
    String.raw`[1], "a\"b\"`,
    '{"a": "}]", "b": 1',
  ])('in %j', (text) => {
    expect(problemWith(text)).toMatchObject({ truncated: true })
  })

  test.each([
    'upstream {',
    '"a',
    '{"a": 1}',
    '{a: 1}',
    '[1] and "more" []',
    '{"a": ""}',
    '{"a": "\\\\"}',
    '{"a": "b\\"c"}',
    '{"a": "{["}',
    '{"a": "\n", b}',
    '[]]',
  ])('nowhere in %j, which has its end', (text) => {
    expect(problemWith(text)?.truncated ?? false).toBe(false)
  })
})

test.each([
  ['{"results": [{"index": 0, "relevance_score": NaN}]}', 'NaN at character 45'],
  ['{"results": [{"index": 0, "relevance_score": -Infinity}]}', 'Infinity at character 46'],
  ['{"a": "NaN {", "b": Infinity}', 'Infinity at character 20'],
  ['NaN', 'NaN at character 0'],
])('a number that JSON has no word for is named in %s', (text, words) => {
  expect(problemWith(text)).toMatchObject({
    message: `its JSON has ${words}`,
    nextStep: 'Leave out blank and overlong documents.',
  })
})

test.each(['{"a": "NaN"', 'NaNs', '{"a": NaN', 'no Infinity here', '{"NaN": x}'])(
  '%s has no such number, or breaks off',
  (text) => {
    expect(problemWith(text)?.nextStep).not.toContain('overlong')
  },
)

test('a long text that breaks off is told in linear time', () => {
  const text = `{"a":"${'\\"'.repeat(500_000)}`
  expect(problemWith(text)?.message).toBe(`its JSON breaks off after ${text.length} characters`)
})
