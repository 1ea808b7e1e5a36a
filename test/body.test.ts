import { describe, expect, test, vi } from 'vitest'
import { bounded, BodyTooLarge } from '../src/body.ts'
import { rejection } from './helpers/rerank.ts'

const KIB = 1024
const LIMIT = 64 * KIB

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
    expect(await sizeOf(await bounded(response, 4 * KIB))).toBe(4 * KIB)
  })

  test('is refused beyond it, and let go of', async () => {
    const { response, cancelled } = streamed({ status: 200 })
    const reason = await rejection(bounded(response, 4 * KIB))
    expect(reason).toBeInstanceOf(BodyTooLarge)
    expect(reason).toMatchObject({ message: 'more than 4096 bytes (maxResponseBytes)', response })
    expect(cancelled).toHaveBeenCalledOnce()
  })

  test('is left alone where its declared length is within the limit', async () => {
    const { response } = streamed({ status: 200, headers: { 'content-length': '1024' } }, 1)
    expect(await bounded(response, KIB)).toBe(response)
  })

  test('is counted where its declared length is that of its packed form', async () => {
    const headers = { 'content-length': '10', 'content-encoding': 'gzip' }
    const { response } = streamed({ status: 200, headers })
    expect(await rejection(bounded(response, KIB))).toBeInstanceOf(BodyTooLarge)
  })
})

describe('the body of a failure', () => {
  test('is read to its end up to 64 KiB, whatever the limit of a success', async () => {
    const { response } = streamed({ status: 500 }, 64)
    const read = await bounded(response, 1)
    expect(read.ok).toBe(false)
    expect(await sizeOf(read)).toBe(LIMIT)
  })

  test('is cut beyond it, and let go of', async () => {
    const { response, cancelled } = streamed({ status: 404 })
    const read = await bounded(response, 1)
    expect(read.ok).toBe(false)
    expect(await sizeOf(read)).toBe(LIMIT)
    expect(cancelled).toHaveBeenCalledOnce()
  })
})

test.each([204, 304])('no body is none, as in a %i', async (status) => {
  const response = new Response(null, { status })
  expect(await bounded(response, 1)).toBe(response)
})
