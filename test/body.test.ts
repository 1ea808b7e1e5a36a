import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { bounded, BodyTooLarge } from '../src/body.ts'
import { rejection } from './helpers/rerank.ts'

const KIB = 1024
const LIMIT = 64 * KIB
const LIMITS = { maxResponseBytes: KIB, timeoutMs: 10_000 }

/** A response whose body is read in chunks of 1 KiB, without end unless `chunks` says otherwise. */
function streamed(init: ResponseInit, chunks = Infinity): { response: Response; cancelled: () => unknown } {
  const cancelled = vi.fn()
  let left = chunks
  const body = new ReadableStream({
    pull: (controller) =>
      left-- > 0 ? controller.enqueue(new Uint8Array(KIB).fill(120)) : controller.close(),
    cancel: cancelled,
  })
  return { response: new Response(body, init), cancelled }
}

const sizeOf = async (response: Response): Promise<number> => (await response.arrayBuffer()).byteLength

describe('the body of a success', () => {
  test('is read to its end up to the limit', async () => {
    const { response } = streamed({ status: 200 }, 4)
    expect(await sizeOf(await bounded(response, { maxResponseBytes: 4 * KIB, timeoutMs: 10_000 }))).toBe(
      4 * KIB,
    )
  })

  test('is refused beyond it, and let go of', async () => {
    const { response, cancelled } = streamed({ status: 200 })
    const read = bounded(response, { maxResponseBytes: 4 * KIB, timeoutMs: 10_000 })
    const reason = await rejection(Promise.resolve(read))
    expect(reason).toBeInstanceOf(BodyTooLarge)
    expect(reason).toMatchObject({ message: 'more than 4096 bytes (maxResponseBytes)' })
    expect(cancelled).toHaveBeenCalledOnce()
  })

  test('is left alone where its declared length is within the limit', async () => {
    const { response } = streamed({ status: 200, headers: { 'content-length': '1024' } }, 1)
    expect(await bounded(response, { maxResponseBytes: KIB, timeoutMs: 10_000 })).toBe(response)
  })

  test('is counted where its declared length is that of its packed form', async () => {
    const headers = { 'content-length': '10', 'content-encoding': 'gzip' }
    const { response } = streamed({ status: 200, headers })
    expect(
      await rejection(Promise.resolve(bounded(response, { maxResponseBytes: KIB, timeoutMs: 10_000 }))),
    ).toBeInstanceOf(BodyTooLarge)
  })
})

describe('the body of a failure', () => {
  test('is read to its end up to 64 KiB, whatever the limit of a success', async () => {
    const { response } = streamed({ status: 500 }, 64)
    const read = await bounded(response, { maxResponseBytes: 1, timeoutMs: 10_000 })
    expect(read.ok).toBe(false)
    expect(await sizeOf(read)).toBe(LIMIT)
  })

  test('is cut beyond it, and let go of', async () => {
    const { response, cancelled } = streamed({ status: 404 })
    const read = await bounded(response, { maxResponseBytes: 1, timeoutMs: 10_000 })
    expect(read.ok).toBe(false)
    expect(await sizeOf(read)).toBe(LIMIT)
    expect(cancelled).toHaveBeenCalledOnce()
  })
})

describe('the body of a failure that is late or broken', () => {
  const beginning = new TextEncoder().encode('{"detail":"no')

  test('is what has come when its connection breaks', async () => {
    let pulls = 0
    const body = new ReadableStream({
      pull: (controller) =>
        pulls++ === 0 ? controller.enqueue(beginning) : controller.error(new Error('reset')),
    })
    const read = await bounded(new Response(body, { status: 401 }), LIMITS)
    expect(await read.text()).toBe('{"detail":"no')
  })

  test('is what has come within 5 seconds, or half of the time-out', async () => {
    vi.useFakeTimers()
    onTestFinished(() => void vi.useRealTimers())
    for (const [timeoutMs, waited] of [
      [60_000, 5000],
      [1000, 500],
    ] as const) {
      const body = new ReadableStream({ start: (controller) => controller.enqueue(beginning) })
      const read = bounded(new Response(body, { status: 401 }), { ...LIMITS, timeoutMs })
      await vi.advanceTimersByTimeAsync(waited)
      expect(await (await read).text()).toBe('{"detail":"no')
    }
  })
})

test.each([204, 304])('no body is none, as in a %i', async (status) => {
  const response = new Response(null, { status })
  expect(await bounded(response, { maxResponseBytes: 1, timeoutMs: 10_000 })).toBe(response)
})
