import { expect, test } from 'vitest'
import { createRerankClient } from '../../src/index.ts'
import { clientOf, good, scripted } from '../helpers/rerank.ts'

/** The frames of a stack that are functions of the client's own sources. */
function ownFrames(stack: string): string[] {
  return stack.split('\n').filter((line) => /\bat\b.*\/src\/(?!generated)/.test(line))
}

test('from rank to fetch are at most 8 frames of ours', async () => {
  let stack = ''
  const limit = Error.stackTraceLimit
  Error.stackTraceLimit = 100
  try {
    const fetch = scripted(async (init) => {
      stack = new Error('here').stack ?? ''
      return good(init)
    })
    await clientOf(fetch).rank('capital of France', ['Paris', 'Belgrade'])
  } finally {
    Error.stackTraceLimit = limit
  }
  const frames = ownFrames(stack)
  expect(frames.join('\n')).toMatch(/rank\.ts/)
  expect(frames.length, frames.join('\n')).toBeLessThanOrEqual(8)
})

test('a client with a direct fetch touches none of the globals that load Node’s whole fetch', async () => {
  const names = ['Headers', 'Request', 'Response', 'FormData'] as const
  const touched: string[] = []
  const before = names.map((name) => [name, Object.getOwnPropertyDescriptor(globalThis, name)] as const)
  const body = JSON.stringify({
    id: 'rerank-1',
    model: 'm',
    usage: { prompt_tokens: 1, total_tokens: 1 },
    results: [{ index: 0, relevance_score: 1, document: { text: 'Paris' } }],
  })
  const fetch = Object.assign(
    async () => ({
      ok: true,
      status: 200,
      headers: { get: () => null, [Symbol.iterator]: () => [][Symbol.iterator]() },
      body: undefined,
      text: async () => body,
    }),
    { direct: true },
  )
  try {
    for (const [name, descriptor] of before) {
      Object.defineProperty(globalThis, name, {
        configurable: true,
        get: () => {
          touched.push(name)
          return (descriptor?.get ? descriptor.get.call(globalThis) : descriptor?.value) as unknown
        },
      })
    }
    const client = createRerankClient({ apiKey: 'key-0123456789', fetch })
    const { data } = await client.rerank.withResponse({ query: 'q', documents: ['Paris'] })
    expect(data.results).toHaveLength(1)
    expect(await client.rank('q', ['Paris'])).toHaveLength(1)
  } finally {
    for (const [name, descriptor] of before) Object.defineProperty(globalThis, name, descriptor ?? {})
  }
  expect(touched).toEqual([])
})
