import { getEventListeners } from 'node:events'
import { describe, expect, test, vi } from 'vitest'
import { mapIterable } from '../../src/bulk/map-iterable.ts'
import type { MapIterableOptions } from '../../src/bulk/map-iterable.ts'
import { rejection } from '../helpers/rerank.ts'

const TWO: MapIterableOptions = { concurrency: 2, ordered: false, signal: undefined }

/** Numbers, the number asked for so far, and whether it was closed. */
function counting(most = Infinity) {
  const source = {
    asked: 0,
    isClosed: false,
    *[Symbol.iterator]() {
      try {
        for (; source.asked < most; source.asked++) yield source.asked
      } finally {
        source.isClosed = true
      }
    },
  }
  return source
}

/** Work that a test ends, task by task. */
function byHand() {
  const ends = new Map<number, () => void>()
  const signals: AbortSignal[] = []
  const run = (task: number, signal: AbortSignal): Promise<number> => {
    signals.push(signal)
    return new Promise((resolve) => ends.set(task, () => resolve(task)))
  }
  return { run, signals, end: (task: number) => ends.get(task)?.(), started: () => [...ends.keys()] }
}

async function collect<Result>(results: AsyncIterable<Result>): Promise<Result[]> {
  const all: Result[] = []
  for await (const result of results) all.push(result)
  return all
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

test('timers have their turn, though every task is done as soon as it is started', async () => {
  const controller = new AbortController()
  const reason = new Error('enough')
  setTimeout(() => controller.abort(reason), 1)
  const all = collect(mapIterable(counting(), { ...TWO, signal: controller.signal }, async (task) => task))
  expect(await rejection(all)).toBe(reason)
})

describe('results', () => {
  test('come as they are ready', async () => {
    const { run, end } = byHand()
    const results = mapIterable([0, 1], TWO, run)
    const first = results.next()
    await turn()
    end(1)
    expect(await first).toEqual({ done: false, value: 1 })
    end(0)
    expect(await collect(results)).toEqual([0])
  })

  test('come in the order of the tasks where that is asked for', async () => {
    const { run, end } = byHand()
    const results = collect(mapIterable([0, 1, 2], { ...TWO, ordered: true }, run))
    await turn()
    end(1)
    await turn()
    end(0)
    await turn()
    end(2)
    expect(await results).toEqual([0, 1, 2])
  })

  test('are none of none', async () => {
    expect(await collect(mapIterable([], TWO, byHand().run))).toEqual([])
  })

  test.each([1, 3, 100])('are all there, once each, %i at once', async (concurrency) => {
    const run = async (task: number): Promise<number> => {
      if (task % 3 === 0) await turn()
      return task
    }
    const results = await collect(mapIterable(counting(50), { ...TWO, concurrency }, run))
    expect(results.sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, index) => index))
  })

  test('go on while the source lets wait', async () => {
    const { run, end } = byHand()
    async function* slow(): AsyncGenerator<number> {
      yield 0
      await new Promise(() => undefined)
    }
    const results = mapIterable(slow(), TWO, run)
    const first = results.next()
    await turn()
    end(0)
    expect((await first).value).toBe(0)
  })
})

describe('the source', () => {
  test('is asked for nothing before the first result is', async () => {
    const source = counting()
    mapIterable(source, TWO, byHand().run)
    await turn()
    expect(source.asked).toBe(0)
  })

  test('is asked for no more than is held, results that nobody took included', async () => {
    const source = counting()
    const results = mapIterable(source, { ...TWO, concurrency: 3 }, async (task) => task)
    await results.next()
    await turn()
    // One is taken, three are held.
    expect(source.asked).toBeLessThanOrEqual(4)
    await results.return()
  })

  test('that throws ends the results with what it threw, after those under way', async () => {
    const { run, end } = byHand()
    const fault = new Error('no more')
    function* failing(): Generator<number> {
      yield 0
      throw fault
    }
    const results = mapIterable(failing(), TWO, run)
    const first = results.next()
    await turn()
    end(0)
    expect((await first).value).toBe(0)
    expect(await rejection(results.next())).toBe(fault)
  })

  test('that throws is asked for nothing more, and not closed', async () => {
    const next = vi.fn(() => Promise.reject(new Error('no more')))
    const close = vi.fn()
    const source = { [Symbol.asyncIterator]: () => ({ next, return: close }) }
    await rejection(collect(mapIterable(source, TWO, byHand().run)))
    expect(next).toHaveBeenCalledOnce()
    expect(close).not.toHaveBeenCalled()
  })

  test('that can’t be read is thrown', async () => {
    const fault = new Error('no')
    const source = {
      [Symbol.asyncIterator]: () => {
        throw fault
      },
    }
    expect(await rejection(collect(mapIterable(source, TWO, byHand().run)))).toBe(fault)
  })
})

describe('whoever takes no more results', () => {
  test('ends what is under way, and closes the source', async () => {
    const source = counting()
    const { run, end, signals } = byHand()
    const results = mapIterable(source, TWO, run)
    const first = results.next()
    await turn()
    end(0)
    await first
    await results.return()
    expect(signals.every(({ aborted }) => aborted)).toBe(true)
    expect(source.isClosed).toBe(true)
  })

  test('need not wait for a source that is at work', async () => {
    const closing = vi.fn()
    const source: AsyncIterable<number> = {
      [Symbol.asyncIterator]: () => {
        let asked = 0
        return {
          next: () =>
            asked++ === 0 ? Promise.resolve({ value: 0, done: false }) : new Promise(() => undefined),
          return: () => {
            closing()
            return new Promise(() => undefined)
          },
        }
      },
    }
    for await (const result of mapIterable(source, TWO, async (task) => task)) {
      expect(result).toBe(0)
      break
    }
    expect(closing).toHaveBeenCalledOnce()
  })

  test('waits for the end of a source that is not at work', async () => {
    let isClosed = false
    async function* source(): AsyncGenerator<number> {
      try {
        for (let task = 0; ; task++) yield task
      } finally {
        await turn()
        isClosed = true
      }
    }
    const { run, end } = byHand()
    const results = mapIterable(source(), TWO, run)
    const first = results.next()
    await turn()
    end(0)
    await first
    await turn()
    await results.return()
    expect(isClosed).toBe(true)
  })

  test('starts nothing that comes later', async () => {
    let come: (task: IteratorResult<number>) => void = () => expect.fail()
    const source = {
      [Symbol.asyncIterator]: () => ({
        next: () => new Promise<IteratorResult<number>>((resolve) => (come = resolve)),
      }),
    }
    const { run, end, started } = byHand()
    const results = mapIterable(source, TWO, run)
    const first = results.next()
    come({ value: 0, done: false })
    await turn()
    end(0)
    await first
    await results.return()
    come({ value: 1, done: false })
    await turn()
    expect(started()).toEqual([0])
  })

  test('starts nothing by it', async () => {
    const { run, end, started } = byHand()
    const results = mapIterable(counting(), TWO, run)
    const first = results.next()
    await turn()
    end(0)
    await first
    await results.return()
    const before = started().length
    end(1)
    await turn()
    expect(started()).toHaveLength(before)
  })
})

describe('an abort of the caller', () => {
  test('is thrown at once, reaches what is under way and closes the source', async () => {
    const controller = new AbortController()
    const source = counting()
    const { run, signals } = byHand()
    const results = mapIterable(source, { ...TWO, signal: controller.signal }, run)
    const first = rejection(results.next())
    await turn()
    controller.abort('enough')
    expect(await first).toBe('enough')
    expect(signals.map(({ reason }) => reason as unknown)).toEqual(['enough', 'enough'])
    expect(source.isClosed).toBe(true)
    expect(getEventListeners(controller.signal, 'abort')).toEqual([])
  })

  test('before the start asks for nothing', async () => {
    const source = counting()
    const results = mapIterable(source, { ...TWO, signal: AbortSignal.abort('enough') }, byHand().run)
    expect(await rejection(results.next())).toBe('enough')
    expect(source.asked).toBe(0)
  })

  test('leaves no listener when all is done', async () => {
    const { signal } = new AbortController()
    await collect(mapIterable([0, 1], { ...TWO, signal }, async (task) => task))
    expect(getEventListeners(signal, 'abort')).toEqual([])
  })
})
