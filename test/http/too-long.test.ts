import { describe, expect, test } from 'vitest'
import { answers, clientOf, failure, scripted } from '../helpers/rerank.ts'

const WORDS: [number, unknown][] = [
  [
    400,
    {
      error: { message: "This model's maximum context length is 32768 tokens. However, you requested 40000" },
    },
  ],
  [400, { error: { message: 'input (40000 tokens) is too large to process' } }],
  [422, { detail: '`inputs` must have less than 512 tokens. Given: 1234' }],
  [
    422,
    {
      detail: [
        {
          type: 'string_too_long',
          loc: ['body', 'documents', 1],
          msg: 'String should have at most 10 characters',
          input: '',
        },
      ],
    },
  ],
]

describe('an error about length', () => {
  test.each(WORDS)('%i %j names the longest document, and what splits it', async (status, body) => {
    const client = clientOf(scripted(answers(status, body)))
    const error = await failure(client.rerank({ query: 'q', documents: ['a', 'a long text', 'b'] }))
    expect(error.message).toMatch(
      /[^.]\. The longest is documents\[1\] \(length 11\): longDocuments of nebius-rerank\/middleware splits it\.$/,
    )
  })

  test('of a ranking names the item, where each has a text of its own', async () => {
    const client = clientOf(scripted(answers(400, { detail: 'maximum context length is 5' })))
    const error = await failure(client.rank('q', ['a', ' ', 'a long text']))
    expect(error.message).toContain('The longest is items[2] (length 11)')
    const twice = await failure(client.rank('q', ['a', 'a', 'a long text']))
    expect(twice.message).toContain('The longest is documents[1] (length 11)')
  })

  test('ends its sentence before', async () => {
    const client = clientOf(scripted(answers(400, { detail: 'Context too long: 40000 > 32768' })))
    expect((await failure(client.rank('q', ['a']))).message).toBe(
      'POST /v1/rerank returned 400: Context too long: 40000 > 32768. The longest is items[0] (length 1): longDocuments of nebius-rerank/middleware splits it.',
    )
  })
})

test.each([
  [400, { detail: 'no such field' }],
  [413, { detail: 'The request body is too large' }],
  [500, { detail: 'maximum context length' }],
  [
    422,
    {
      detail: [{ type: 'string_too_long', loc: ['body', 'query'], msg: 'at most 10 characters', input: '' }],
    },
  ],
])('%i %j is left as it is', async (status, body) => {
  const error = await failure(
    clientOf(scripted(answers(status, body))).rerank({ query: 'q', documents: ['a'] }),
  )
  expect(error.message).not.toContain('longDocuments')
})
