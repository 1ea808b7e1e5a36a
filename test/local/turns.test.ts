import { expect, it } from 'vitest'
import { createTurns } from '../../src/local/turns.ts'

it('runs tasks one after another, also after one that fails', async () => {
  const inTurn = createTurns()
  const log: string[] = []
  const task = (name: string) => async () => {
    log.push(`${name} begins`)
    await Promise.resolve()
    log.push(`${name} ends`)
    if (name === 'b') throw new Error('b fails')
    return name
  }
  const [a, b, c] = await Promise.allSettled(['a', 'b', 'c'].map((name) => inTurn(task(name))))
  expect(log).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends'])
  expect(a).toHaveProperty('value', 'a')
  expect(b).toHaveProperty('reason.message', 'b fails')
  expect(c).toHaveProperty('value', 'c')
})
