import { expect, test } from 'vitest'
import { tooLarge } from '../../../../src/cli/serve/page/decode.ts'

test.each([
  [[20_000_000], undefined],
  [
    [20_000_001],
    '0.txt has 20.1 MB, and this page takes 20 MB at most. Rank it in a terminal: nebius-rerank QUERY FILE',
  ],
  [
    [15_000_000, 1_985_000_000],
    'These 2 files have 2,000 MB, and this page takes 20 MB at most. Rank them in a terminal: nebius-rerank --files QUERY FILE…',
  ],
])('files of %j bytes are taken, or refused by their size', (sizes, sentence) => {
  expect(tooLarge(sizes.map((size, place) => ({ name: `${place}.txt`, size })))).toBe(sentence)
})
