import { execFileSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import type { Ranking } from '../../../../src/cli/serve/page/api.ts'
import { correlation, placed } from '../../../../src/cli/serve/page/order.ts'
import { asCsv, asCurl, asJson, asTypeScript } from '../../../../src/cli/serve/page/snippets.ts'

const HOSTILE = `it's $(id) \`id\` "$HOME" \\ \u202e\u2028\u009b31m </script> ' ; '`
const LOCAL = { live: false, needsKey: false, model: 'm', baseUrl: 'http://127.0.0.1:1', spec: 's' }
const shown = (documents: string[], settings = LOCAL) => ({
  request: { model: 'm', query: HOSTILE, documents },
  results: documents.map((_, index) => ({ index, relevance_score: 1 / (index + 1) })),
  settings,
})

/** The words that a shell hands to a command. */
function wordsOf(command: string): string[] {
  const script = `curl() { printf '%s\\0' "$@"; }; ${command}`
  return execFileSync('bash', ['--norc', '-c', script], { env: { NEBIUS_API_KEY: 'k' } })
    .toString()
    .split('\0')
    .slice(0, -1)
}

describe('curl', () => {
  test('quotes whatever it holds', () => {
    const [, , , , , , body = ''] = wordsOf(asCurl(shown([HOSTILE])))
    expect(JSON.parse(body)).toEqual({ model: 'm', query: HOSTILE, documents: [HOSTILE] })
  })

  test.each(['http://x/$(touch${IFS}y)', "http://x/';id;'", 'http://x/`id`', 'http://x/a b'])(
    'quotes a base URL: %s',
    (baseUrl) => {
      const [url] = wordsOf(asCurl(shown([], { ...LOCAL, live: true, baseUrl })))
      expect(url).toBe(`${baseUrl}/v1/rerank`)
    },
  )

  test('takes the key from the environment where one is needed', () => {
    expect(wordsOf(asCurl(shown([], { ...LOCAL, needsKey: true })))).toContain('authorization: Bearer k')
    expect(wordsOf(asCurl(shown([])))).toContain('authorization: Bearer local')
  })
})

test.each([asCurl, asTypeScript, asJson])('escapes what is not seen or turns text around', (write) => {
  expect(write(shown([HOSTILE]))).not.toMatch(/[\u0080-\u009f\u2028\u202e]/)
})

test('CSV runs nothing in a spreadsheet', () => {
  expect(asCsv(shown(['=1+1', ' +1', '-1', '@a', '"quoted", and\nmore', 'plain']))).toBe(
    [
      'rank,index,relevance_score,text',
      `1,0,1,"'=1+1"`,
      `2,1,0.5,"' +1"`,
      `3,2,${1 / 3},"'-1"`,
      `4,3,0.25,"'@a"`,
      '5,4,0.2,"""quoted"", and\nmore"',
      `6,5,${1 / 6},"plain"`,
    ].join('\r\n'),
  )
})

test('JSON has the ranking', () => {
  expect(JSON.parse(asJson(shown(['a'])))).toEqual({
    query: HOSTILE,
    model: 'm',
    results: [{ rank: 1, index: 0, relevance_score: 1, text: 'a' }],
  })
})

describe('places', () => {
  const results = (...scores: number[]): Ranking['results'] =>
    scores.map((relevance_score, index) => ({ index, relevance_score }))

  test('are shared by equal scores', () => {
    const found = placed(results(0.9, 0.5, 0.5, 0.1)).map(({ place, ties }) => [place, ties])
    expect(found).toEqual([
      [1, 0],
      [2, 1],
      [2, 1],
      [4, 0],
    ])
  })

  test.each([
    [[0, 1, 2, 3], 1],
    [[3, 2, 1, 0], -1],
    [[1, 0, 3, 2], 0.6],
  ])('correlate: %j', (order, expected) => {
    const b = order.map((index, at) => ({ index, relevance_score: 1 - at / 10 }))
    const a = results(0.9, 0.8, 0.7, 0.6)
    expect(correlation(placed(a), placed(b))).toBeCloseTo(expected)
  })
})
