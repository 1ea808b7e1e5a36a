import { expectTypeOf, test } from 'vitest'
import type { RankedItem, RankWithUsage, RerankClient } from 'nebius-rerank'

declare const client: RerankClient
interface Product {
  sku: number
  name: string
}
declare const products: readonly Product[]

test('strings need no text function', () => {
  expectTypeOf(client.rank('q', ['a'])).toEqualTypeOf<Promise<RankedItem<string>[]>>()
  expectTypeOf(client.rank('q', new Set(['a']), { topN: 3 })).toEqualTypeOf<Promise<RankedItem<string>[]>>()
  expectTypeOf(client.rank.withUsage('q', ['a'])).toEqualTypeOf<Promise<RankWithUsage<string>>>()
})

test('objects need one', () => {
  expectTypeOf(client.rank('q', products, { text: ({ name }) => name })).toEqualTypeOf<
    Promise<RankedItem<Product>[]>
  >()
  // @ts-expect-error the text of an object is not known
  void client.rank('q', products)
  // @ts-expect-error nor is it with other options
  void client.rank('q', products, { topN: 3 })
  // @ts-expect-error nor may it be undefined
  void client.rank('q', products, { text: undefined })
  // @ts-expect-error nor with usage
  void client.rank.withUsage('q', products)
})

test('a text is a string', () => {
  // @ts-expect-error a number is none
  void client.rank('q', products, { text: ({ sku }) => sku })
})

test('a string alone is no list of items', () => {
  // It is to the types, whose strings are iterable; at run time it is a TypeError.
  expectTypeOf(client.rank('q', 'text')).toEqualTypeOf<Promise<RankedItem<string>[]>>()
  // @ts-expect-error a number is not
  void client.rank('q', 5)
})

test('an option of another call is refused', () => {
  // @ts-expect-error the spec's spelling is the wire's
  void client.rank('q', ['a'], { top_n: 3 })
})
