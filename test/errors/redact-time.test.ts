import { describe, expect, test } from 'vitest'
import { createRedactor } from '../../src/errors/redact.ts'
import { KEY } from '../helpers/rerank.ts'

describe('a megabyte takes less than 100 ms', () => {
  const long = createRedactor({ authorization: `Bearer ${'ab'.repeat(2000)}`, cookie: `a=${KEY}` })
  test.each([
    ['a secret', KEY],
    ['nearly a secret', 'ab'.repeat(5) + 'a|'],
    ['a long one', 'ab'],
    ['percent signs', '%41'],
    ['percent signs of percent signs', '%25252541'],
    ['backslashes', '\\'],
    ['open entities', '&#x0'],
    ['blanks', ' '],
    ['quotes', '"'],
  ])('of %s', (_, piece) => {
    const text = piece.repeat(Math.ceil(2 ** 20 / piece.length))
    // Of the processor alone, since others may be at work beside this.
    const times = [1, 2, 3, 4, 5].map(() => {
      const started = process.cpuUsage()
      long.text(text)
      const { user, system } = process.cpuUsage(started)
      return (user + system) / 1000
    })
    expect(Math.min(...times)).toBeLessThan(100)
  })
})
