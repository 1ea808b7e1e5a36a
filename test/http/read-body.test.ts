import { Readable } from 'node:stream'
import { runInNewContext } from 'node:vm'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { UnusableResponse } from '../../src/api/response.ts'
import { readText as read } from '../../src/http/read-body.ts'
import type { FetchResponse } from '../../src/options/types.ts'
import { rejection } from '../helpers/rerank.ts'

const KIB = 1024
const LIMIT = 64 * KIB
const LIMITS = { maxResponseBytes: KIB, timeoutMs: 10_000 }

const readText = (response: FetchResponse, bounds: Parameters<typeof read>[1]): Promise<string> =>
  read(response, bounds, true)

const EMPTY = { ok: true, status: 200, headers: new Headers(), text: async () => 'not asked' }

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

/** A body that comes in as many pieces as it has bytes. */
function byteByByte(text: string): ReadableStream {
  return new ReadableStream({
    start: (controller) => {
      for (const byte of new TextEncoder().encode(text)) controller.enqueue(Uint8Array.of(byte))
      controller.close()
    },
  })
}

describe('the body of a success', () => {
  test('is read to its end up to the limit', async () => {
    const { response } = streamed({ status: 200 }, 4)
    expect(await readText(response, { ...LIMITS, maxResponseBytes: 4 * KIB })).toHaveLength(4 * KIB)
  })

  test('is refused beyond it, and let go of', async () => {
    const { response, cancelled } = streamed({ status: 200 })
    const reason = await rejection(readText(response, { ...LIMITS, maxResponseBytes: 4 * KIB }))
    expect(reason).toBeInstanceOf(UnusableResponse)
    expect(reason).toMatchObject({
      message: 'its body is larger than 4096 bytes',
      nextStep: 'Raise maxResponseBytes.',
    })
    expect(cancelled).toHaveBeenCalledOnce()
  })

  test('is read in one go where its declared length is within the limit', async () => {
    const { response } = streamed({ status: 200, headers: { 'content-length': '1024' } }, 1)
    const text = vi.spyOn(response, 'text')
    expect(await readText(response, LIMITS)).toHaveLength(KIB)
    expect(text).toHaveBeenCalledOnce()
  })

  test('is read from a stream of Node that gives texts', async () => {
    const body = Readable.from(['{"é":', '"🦊"}'])
    const response = { ok: true, status: 200, headers: new Headers(), body, text: async () => 'not asked' }
    expect(await readText(response, LIMITS)).toBe('{"é":"🦊"}')
  })

  test.each([
    ['ArrayBuffers', (bytes: Uint8Array) => bytes.slice().buffer],
    ['DataViews', (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)],
    [
      'of another realm',
      (bytes: Uint8Array): unknown => runInNewContext('Uint8Array.from(bytes)', { bytes }),
    ],
    ['lists of bytes', (bytes: Uint8Array) => [...bytes]],
  ])('is read in chunks that are %s', async (_, chunkOf) => {
    for (const ok of [true, false]) {
      const body = Readable.from([chunkOf(new TextEncoder().encode('x{"é":1}').subarray(1))])
      expect(await readText({ ...EMPTY, ok, body }, LIMITS)).toBe('{"é":1}')
    }
  })

  test('is refused by name where a chunk is nothing of the kind', async () => {
    const reason = await rejection(readText({ ...EMPTY, body: Readable.from([{ a: 1 }]) }, LIMITS))
    expect(reason).toEqual(new TypeError('a chunk of the body must be bytes or text, got an object'))
  })

  test.each([true, false])('lets timers run between chunks that are always there (ok: %s)', async (ok) => {
    for (const chunk of [new Uint8Array(0), Uint8Array.of(65)]) {
      let reads = 0
      const next = async (): Promise<object> => ({ done: false, value: ++reads < 5e6 ? chunk : undefined })
      const body = { [Symbol.asyncIterator]: () => ({ next }) }
      const bounds = { maxResponseBytes: Infinity, timeoutMs: 1000 }
      const signal = AbortSignal.timeout(1)
      await read({ ...EMPTY, ok, body }, bounds, true, signal).catch(() => undefined)
      expect(reads).toBeLessThan(5e6)
    }
  })

  test('is the same text in pieces that cut characters in two', async () => {
    const body = byteByByte('\uFEFF{"é":"🦊\u2028"}')
    expect(await readText(new Response(body), LIMITS)).toBe('{"é":"🦊\u2028"}')
  })

  test('is counted where a header may be hidden that says it is packed', async () => {
    const { response } = streamed({ status: 200, headers: { 'content-length': '10' } }, 4)
    expect(await rejection(read(response, LIMITS, false))).toBeInstanceOf(UnusableResponse)
  })

  test('is counted where its declared length is that of its packed form', async () => {
    const headers = { 'content-length': '10', 'content-encoding': 'gzip' }
    const { response } = streamed({ status: 200, headers }, 4)
    expect(await rejection(readText(response, LIMITS))).toBeInstanceOf(UnusableResponse)
  })
})

describe('the body of a failure', () => {
  test('is read to its end up to 64 KiB, whatever the limit of a success', async () => {
    const { response } = streamed({ status: 500 }, 64)
    expect(await readText(response, { ...LIMITS, maxResponseBytes: 1 })).toHaveLength(LIMIT)
  })

  test('is the same text in pieces that cut characters in two', async () => {
    const body = byteByByte('{"detail":"é🦊"}')
    expect(await readText(new Response(body, { status: 500 }), LIMITS)).toBe('{"detail":"é🦊"}')
  })

  test('is cut beyond it, and let go of', async () => {
    const { response, cancelled } = streamed({ status: 404 })
    expect(await readText(response, { ...LIMITS, maxResponseBytes: 1 })).toHaveLength(LIMIT)
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
    expect(await readText(new Response(body, { status: 401 }), LIMITS)).toBe('{"detail":"no')
  })

  test('is what has come within 5 seconds, or half of the time-out', async () => {
    vi.useFakeTimers()
    onTestFinished(() => void vi.useRealTimers())
    for (const [timeoutMs, waited] of [
      [60_000, 5000],
      [1000, 500],
    ] as const) {
      const body = new ReadableStream({ start: (controller) => controller.enqueue(beginning) })
      const read = readText(new Response(body, { status: 401 }), { ...LIMITS, timeoutMs })
      await vi.advanceTimersByTimeAsync(waited)
      expect(await read).toBe('{"detail":"no')
    }
  })

  test('is what has come by then where empty chunks never end', async () => {
    const chunks = [beginning]
    const pull = (controller: ReadableStreamDefaultController): void =>
      controller.enqueue(chunks.pop() ?? new Uint8Array(0))
    const response = new Response(new ReadableStream({ pull }), { status: 401 })
    expect(await readText(response, { ...LIMITS, timeoutMs: 2 })).toBe('{"detail":"no')
  })
})

test('where there is no TextDecoder, as in jsdom, a body is read as a whole', async () => {
  vi.stubGlobal('TextDecoder', undefined)
  expect(await readText(streamed({ status: 200 }, 1).response, LIMITS)).toHaveLength(KIB)
  expect(await readText(streamed({ status: 500 }, 65).response, LIMITS)).toHaveLength(LIMIT)
  const tooLarge = readText(streamed({ status: 200 }, 2).response, LIMITS)
  expect(await rejection(tooLarge)).toBeInstanceOf(UnusableResponse)
})

test.each([204, 304])('no body is no text, as in a %i', async (status) => {
  expect(await readText(new Response(null, { status }), LIMITS)).toBe('')
})

describe('a body without a stream, as React Native has it', () => {
  const without = (text: string, ok: boolean) => ({
    ok,
    status: 200,
    headers: new Headers(),
    text: async () => text,
  })

  test('is read all the same', async () => {
    expect(await readText(without('x'.repeat(KIB), true), LIMITS)).toHaveLength(KIB)
  })

  test('is refused when it is too large', async () => {
    const reason = await rejection(readText(without('x'.repeat(KIB + 1), true), LIMITS))
    expect(reason).toBeInstanceOf(UnusableResponse)
  })

  test('is cut where it is that of an error', async () => {
    expect(await readText(without('x'.repeat(LIMIT + 1), false), LIMITS)).toHaveLength(LIMIT)
  })
})
