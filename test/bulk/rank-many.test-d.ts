import { expectTypeOf, test } from 'vitest'
import type { RerankClient } from '../../src/index.ts'
import { rankMany } from '../../src/bulk/index.ts'

declare const client: RerankClient
declare const products: { name: string }[]

test('a job comes back as what it is, with what it ranks', async () => {
  for await (const { job, ranked, error } of rankMany(client, [
    { id: 7, query: 'q', documents: ['a'], page: 1 },
  ])) {
    expectTypeOf(job).toEqualTypeOf<{ id: number; query: string; documents: string[]; page: number }>()
    if (ranked) {
      expectTypeOf(ranked[0]?.item).toEqualTypeOf<string | undefined>()
      expectTypeOf(error).toEqualTypeOf<undefined>()
    } else expectTypeOf(error).toEqualTypeOf<Error>()
  }
})

test('items that are objects need a text function', async () => {
  const jobs = [{ query: 'q', items: products }]
  for await (const { ranked } of rankMany(client, jobs, { text: ({ name }) => name })) {
    expectTypeOf(ranked?.[0]?.item).toEqualTypeOf<{ name: string } | undefined>()
  }
  // @ts-expect-error the text of an object is not known
  rankMany(client, jobs)
  // @ts-expect-error nor is it with other options
  rankMany(client, jobs, { ordered: true })
})

test('jobs may come from anywhere', () => {
  async function* jobs() {
    yield { query: 'q', items: new Set(['a']) }
  }
  rankMany(client, jobs())
  rankMany(client, new Set([{ query: 'q', documents: ['a'] as const }]), { concurrency: 3 })
})

test('a job has a query, and one list', () => {
  // @ts-expect-error a query is missing
  rankMany(client, [{ documents: ['a'] }])
  // @ts-expect-error a list is missing
  rankMany(client, [{ query: 'q' }])
  // @ts-expect-error two lists are one too many
  rankMany(client, [{ query: 'q', documents: ['a'], items: ['a'] }])
})

test('progress and requests a job are not for many', () => {
  // @ts-expect-error each job would report its own
  rankMany(client, [{ query: 'q', documents: ['a'] }], { onProgress: () => undefined })
})
