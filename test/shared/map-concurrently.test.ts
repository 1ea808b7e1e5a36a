import { getEventListeners } from 'node:events'
import { expect, test } from 'vitest'
import { mapConcurrently } from '../../src/shared/map-concurrently.ts'
import { rejection } from '../helpers/rerank.ts'

const TWO = { concurrency: 2, signal: undefined }

/** Resolves when its signal aborts, as work does that pays heed to it in its own time. */
function untilAborted(signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => signal?.addEventListener('abort', () => resolve()))
}

test('results are in the order of the tasks, whichever is ready first', async () => {
  const turns = [3, 0, 1]
  const results = await mapConcurrently(turns, TWO, async (turn, place) => {
    for (let at = 0; at < turn; at++) await new Promise(setImmediate)
    return place
  })
  expect(results).toEqual([0, 1, 2])
})

test('nothing to do is done', async () => {
  expect(await mapConcurrently([], TWO, () => expect.fail())).toEqual([])
})

test.each([1, 2, 5])('at most %i run at once', async (concurrency) => {
  let now = 0
  let most = 0
  await mapConcurrently(Array.from({ length: 8 }), { concurrency, signal: undefined }, async () => {
    most = Math.max(most, ++now)
    await new Promise(setImmediate)
    now -= 1
  })
  expect(most).toBe(concurrency)
})

test('after a failure nothing more starts, though what is under way ends well', async () => {
  const started: number[] = []
  const fault = new Error('one of them')
  const reason = await rejection(
    mapConcurrently([0, 1, 2, 3], TWO, async (task, _, signal) => {
      started.push(task)
      if (task === 0) throw fault
      await untilAborted(signal)
    }),
  )
  await new Promise(setImmediate)
  expect(reason).toBe(fault)
  expect(started).toEqual([0, 1])
})

test('the failure is the reason that the others are told', async () => {
  const fault = new Error('one of them')
  let told: unknown
  await rejection(
    mapConcurrently([0, 1], TWO, async (task, _, signal) => {
      if (task === 0) throw fault
      await untilAborted(signal)
      told = signal?.reason
    }),
  )
  await new Promise(setImmediate)
  expect(told).toBe(fault)
})

test.each([1, 3])('an abort of the caller reaches %i tasks with its reason', async (count) => {
  const controller = new AbortController()
  const reasons: unknown[] = []
  const all = mapConcurrently(
    Array.from({ length: count }),
    { concurrency: 3, signal: controller.signal },
    async (_, __, signal) => {
      await untilAborted(signal)
      reasons.push(signal?.reason)
      signal?.throwIfAborted()
    },
  )
  controller.abort('enough')
  expect(await rejection(all)).toBe('enough')
  expect(reasons).toEqual(Array(count).fill('enough'))
})

test('nothing starts once the caller has aborted', async () => {
  const all = mapConcurrently([0, 1], { concurrency: 2, signal: AbortSignal.abort('enough') }, () =>
    expect.fail(),
  )
  expect(await rejection(all)).toBe('enough')
})

test('no listener is left', async () => {
  const { signal } = new AbortController()
  await mapConcurrently([0, 1, 2], { concurrency: 2, signal }, async () => undefined)
  await rejection(mapConcurrently([0, 1], { concurrency: 2, signal }, () => Promise.reject(new Error('no'))))
  expect(getEventListeners(signal, 'abort')).toEqual([])
})
