import { describe, expect, test } from 'vitest'
import { BudgetError, createTokenBudget } from '../../src/eval/index.ts'

/** Two tokens, by estimate. */
const small = { query: 'abcd', documents: ['abcd'] }

describe('a budget', () => {
  test('lets the first request go alone, and those after it by what it cost', async () => {
    const budget = createTokenBudget(100)
    const release = await budget.reserve(small)
    const waiting = budget.reserve(small)
    release(40)
    const second = await waiting
    const third = budget.reserve(small)
    second(60)
    await expect(third).rejects.toThrow(BudgetError)
    expect(budget.used).toBe(100)
  })

  test('gives back what was not used, once', async () => {
    const budget = createTokenBudget(3)
    const release = await budget.reserve(small)
    release(undefined)
    release(50)
    expect(budget.used).toBe(0)
    await expect(budget.reserve(small)).resolves.toBeTypeOf('function')
  })

  test('counts by the estimate where the service counts nothing', async () => {
    const budget = createTokenBudget(5)
    const release = await budget.reserve(small)
    release(0)
    expect(budget.used).toBe(2)
    const [second] = await Promise.all([budget.reserve(small)])
    second(0)
    await expect(budget.reserve(small)).rejects.toThrow(
      '4 tokens are used, and the next request needs about 2',
    )
  })

  test('refuses a request that is larger than all of it', async () => {
    await expect(createTokenBudget(1).reserve(small)).rejects.toThrow('exceeds the budget of 1 tokens')
  })

  test.each([0, -1, 1.5, NaN, Infinity, '5'])('is not %j', (tokens) => {
    expect(() => createTokenBudget(tokens as number)).toThrow('maxTokens must be a whole number, 1 or more')
  })
})
