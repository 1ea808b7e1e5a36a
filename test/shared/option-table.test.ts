import { describe, expect, test } from 'vitest'
import { readOptions } from '../../src/shared/option-table.ts'
import { FLAG, WHOLE } from '../../src/shared/validate.ts'
import { clientOf, good, rejection, REQUEST, scripted } from '../helpers/rerank.ts'

const TABLE = {
  topN: { default: 10, rule: WHOLE },
  dedupe: { default: true, rule: FLAG },
  headers: {
    default: { a: 1 },
    rule: [() => true, 'anything'] as const,
    merge: (base: unknown, value: object) => ({ ...(base as object), ...value }),
  },
}

describe('options', () => {
  test('have the table’s defaults, or those of a base', () => {
    expect(readOptions({}, TABLE)).toEqual({ topN: 10, dedupe: true, headers: { a: 1 } })
    expect(readOptions({ dedupe: undefined }, TABLE, { topN: 3 })).toMatchObject({ topN: 3, dedupe: true })
  })

  test('are merged where their row says so', () => {
    const base = readOptions({}, TABLE)
    expect(readOptions({ headers: { b: 2 } }, TABLE, base)).toMatchObject({ headers: { a: 1, b: 2 } })
  })

  test('are read once, those of a class’s getters as well', () => {
    let reads = 0
    class Options {
      get topN() {
        reads += 1
        return 5
      }
    }
    expect(readOptions(new Options(), TABLE)).toMatchObject({ topN: 5 })
    expect(reads).toBe(1)
  })
})

describe('an option that does not exist', () => {
  test.each([
    ['top_n', 'top_n is not an option here: did you mean topN?'],
    ['topn', 'topn is not an option here: did you mean topN?'],
    ['top_k', 'top_k is not an option here, but topN, dedupe, headers are'],
    ['completelyDifferent', 'completelyDifferent is not an option here, but topN, dedupe, headers are'],
    ['__proto__x', '__proto__x is not an option here, but topN, dedupe, headers are'],
  ])('is a TypeError that names what is meant, or all: %s', (name, message) => {
    expect(() => readOptions({ [name]: 1 }, TABLE)).toThrow(new TypeError(message))
  })

  test('may be undefined', () => {
    expect(readOptions({ unknown: undefined }, TABLE)).not.toHaveProperty('unknown')
  })

  test.each([
    ['timeout', 'timeoutMs'],
    ['retries', 'maxRetries'],
    ['base_url', 'baseUrl'],
    ['api_key', 'apiKey'],
    ['hook', 'hooks'],
  ])('of a client is refused before anything is sent: %s', (name, meant) => {
    expect(() => clientOf(scripted(good), { [name]: 1 })).toThrow(
      new TypeError(`${name} is not an option here: did you mean ${meant}?`),
    )
  })

  test('of a client that belongs to a ranking is answered with the client’s', () => {
    expect(() => clientOf(scripted(good), { topN: 1 } as object)).toThrow(
      /^topN is not an option here, but projectId, .*, dangerouslyAllowBrowser are$/,
    )
  })

  test('of a call and of a ranking as well', async () => {
    const fetch = scripted(good)
    const client = clientOf(fetch)
    const options = { top_n: 3 } as object
    expect(await rejection(client.rank('q', ['a'], options))).toEqual(
      new TypeError('top_n is not an option here: did you mean topN?'),
    )
    expect(await rejection(client.rerank(REQUEST, { timeoutms: 5 } as object))).toEqual(
      new TypeError('timeoutms is not an option here: did you mean timeoutMs?'),
    )
    expect(fetch.calls).toEqual([])
  })
})
