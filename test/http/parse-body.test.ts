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

test('a long text that breaks off is told in linear time', () => {
  const text = `{"a":"${'\\"'.repeat(500_000)}`
  expect(problemWith(text)?.message).toBe(`its JSON breaks off after ${text.length} characters`)
})
