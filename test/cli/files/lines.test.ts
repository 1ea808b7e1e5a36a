import fc from 'fast-check'
import { expect, test } from 'vitest'
import { linesOf } from '../../../src/cli/files/lines.ts'
import type { Line } from '../../../src/cli/files/lines.ts'

async function* cutAt(bytes: Buffer, cuts: readonly number[]): AsyncGenerator<Buffer> {
  const places = [
    0,
    ...cuts.map((cut) => cut % (bytes.byteLength + 1)).sort((a, b) => a - b),
    bytes.byteLength,
  ]
  for (const [index, place] of places.entries()) yield bytes.subarray(place, places[index + 1] ?? place)
}

async function linesIn(source: AsyncIterable<Buffer>): Promise<Line[]> {
  const lines: Line[] = []
  for await (const line of linesOf(source)) lines.push(line)
  return lines
}

const read = (bytes: Buffer, cuts: readonly number[] = []): Promise<Line[]> => linesIn(cutAt(bytes, cuts))

test('lines end at line feeds, carriage returns and both, and know which', async () => {
  const lines = await read(Buffer.from('\uFEFFa\r\n\nb\u2028c\u0085d\re\r\r\nrest'))
  expect(lines.map(({ bytes, ending, number, end }) => [bytes.toString(), ending, number, end])).toEqual([
    ['a', '\r\n', 1, 6],
    ['', '\n', 2, 7],
    ['b\u2028c\u0085d', '\r', 3, 16],
    ['e', '\r', 4, 18],
    ['', '\r\n', 5, 20],
    ['rest', '', 6, 24],
  ])
})

test('a byte order mark at the beginning of a line is left out, and one inside it is not', async () => {
  const lines = await read(Buffer.from('a\uFEFFb\n\uFEFFc\n'))
  expect(lines.map(({ bytes }) => bytes.toString())).toEqual(['a\uFEFFb', 'c'])
})

test('a line of 64 MiB is kept, a longer one is not, and the rest goes on', async () => {
  const mebibyte = Buffer.alloc(1024 * 1024, 'x')
  async function* chunks(): AsyncGenerator<Buffer> {
    for (let at = 0; at < 64; at += 1) yield mebibyte
    yield Buffer.from('\n')
    for (let at = 0; at < 64; at += 1) yield mebibyte
    yield Buffer.from('x\nrest')
  }
  const lines = await linesIn(chunks())
  expect(lines.map(({ bytes, isTooLong }) => [bytes.length, isTooLong])).toEqual([
    [64 * 1024 * 1024, false],
    [0, true],
    [4, false],
  ])
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
