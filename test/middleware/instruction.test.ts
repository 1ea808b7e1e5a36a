import { expect, test } from 'vitest'
import { cache, instructedQuery, instruction } from '../../src/middleware/index.ts'
import { clientOf, good, scripted, sentBy } from '../helpers/rerank.ts'

test('an instruction goes before the query, in the words that the model was trained with', async () => {
  const fetch = scripted(good)
  await clientOf(fetch, { use: [instruction('Find the answer')] }).rank('q', ['a'])
  expect(sentBy(fetch.calls[0]?.init ?? {})).toMatchObject({
    query: '<Instruct>: Find the answer\n<Query>: q',
    documents: ['a'],
  })
  expect(instructedQuery('q', '')).toBe('q')
})

test('templates of one’s own write the query and the documents, which come back as they were', async () => {
  const fetch = scripted(good)
  const use = [
    instruction('why', {
      template: (query, words) => `${words}: ${query}`,
      documentTemplate: (document) => `[${document}]`,
    }),
  ]
  const { results } = await clientOf(fetch, { use }).rerank({ query: 'q', documents: ['a', 'b'] })
  expect(sentBy(fetch.calls[0]?.init ?? {})).toMatchObject({ query: 'why: q', documents: ['[a]', '[b]'] })
  expect(results.map(({ index, document }) => [index, document.text])).toEqual([
    [1, 'b'],
    [0, 'a'],
  ])
})

test('another instruction is another pair to a cache after it', async () => {
  const fetch = scripted(good)
  const store = new Map()
  for (const words of ['a', 'b', 'a']) {
    await clientOf(fetch, { use: [instruction(words), cache({ store })] }).rank('q', ['text'])
  }
  expect(fetch.calls).toHaveLength(2)
})

test.each(['template', 'documentTemplate'])('a %s that gives no text is a TypeError', async (name) => {
  const use = [instruction('why', { [name]: () => undefined })]
  await expect(clientOf(scripted(), { use }).rank('q', ['a'])).rejects.toThrow(
    new TypeError(`the result of ${name} must be a string, got undefined`),
  )
})

test('what is no text is a TypeError', () => {
  expect(() => instruction(5 as never)).toThrow('instruction must be a string, got 5')
  expect(() => instruction('a', { template: '{query}' as never })).toThrow(
    'template must be a function, got "{query}"',
  )
  expect(() => instruction('a', { documentTemplate: null as never })).toThrow(
    'documentTemplate must be a function, got null',
  )
})
