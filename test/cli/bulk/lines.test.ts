import fc from 'fast-check'
import { expect, test } from 'vitest'
import { linesOf } from '../../../src/cli/bulk/lines.ts'
import type { Line } from '../../../src/cli/bulk/lines.ts'

async function read(bytes: Buffer, cuts: readonly number[] = []): Promise<Line[]> {
  async function* chunks(): AsyncGenerator<Buffer> {
    const places = [
      0,
      ...cuts.map((cut) => cut % (bytes.byteLength + 1)).sort((a, b) => a - b),
      bytes.byteLength,
    ]
    for (const [index, place] of places.entries()) yield bytes.subarray(place, places[index + 1] ?? place)
  }
  const lines: Line[] = []
  for await (const line of linesOf(chunks())) lines.push(line)
  return lines
}

test('lines end at line feeds alone, and know whether they have one', async () => {
  expect(await read(Buffer.from('\uFEFFa\r\n\nb\u2028c\u0085d\nrest'))).toEqual([
    { text: 'a', number: 1, end: 6, isWhole: true },
    { text: '', number: 2, end: 7, isWhole: true },
    { text: 'b\u2028c\u0085d', number: 3, end: 16, isWhole: true },
    { text: 'rest', number: 4, end: 20, isWhole: false },
  ])
})

test.each([
  ['a\rb\r\n', ['a\rb']],
  ['a\uFEFFb\n\uFEFFc\n', ['a\uFEFFb', '\uFEFFc']],
])('%j keeps what is inside its lines', async (text, lines) => {
  expect((await read(Buffer.from(text))).map((line) => line.text)).toEqual(lines)
})

test('nothing has no line', async () => {
  expect(await read(Buffer.alloc(0))).toEqual([])
})

test('it makes no difference where chunks end', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.string({ unit: fc.constantFrom('a', 'é', '🗼', '\n', '\r') }),
      fc.array(fc.nat()),
      async (text, cuts) => {
        const bytes = Buffer.from(text)
        expect(await read(bytes, cuts)).toEqual(await read(bytes))
      },
    ),
  )
})
