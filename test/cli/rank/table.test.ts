import { describe, expect, test } from 'vitest'
import { tableLines } from '../../../src/cli/rank/table.ts'
import type { Row } from '../../../src/cli/rank/table.ts'

const PLAIN = { columns: undefined, coloured: false }
const row = (parts: Partial<Row>): Row => ({ score: 0.5, text: 'text', ...parts })
/** The line of one row, on a terminal of so many columns or none. */
const line = (parts: Partial<Row>, columns?: number): string =>
  tableLines([row(parts)], { columns, coloured: false }).at(-1) ?? ''

describe('a row', () => {
  test('is a rank, a score, a bar and a text', () => {
    expect(line({})).toBe('  1  0.500  ██████████            text')
  })

  test('is ranked by its place, as wide as the last', () => {
    const lines = tableLines(
      Array.from({ length: 1000 }, () => row({})),
      PLAIN,
    )
    expect(lines[0]).toMatch(/^ {3}1 {2}0\.500 {2}█/)
    expect(lines[999]).toMatch(/^1000 {2}0\.500 {2}█/)
  })

  test('has a score as wide as the longest', () => {
    const [first, second] = tableLines([row({ score: 12.5 }), row({ score: -100 })], PLAIN)
    expect(first).toMatch(/^ {2}1 {4}12\.500 {2}█/)
    expect(second).toMatch(/^ {2}2 {2}-100\.000 {2} /)
  })

  test('may have no text', () => {
    expect(line({ text: ' ' })).toBe('  1  0.500  ██████████')
  })
})

describe('a bar', () => {
  test.each([
    [0, ''],
    [1 / 160, '▏'],
    [2 / 160, '▎'],
    [3 / 160, '▍'],
    [4 / 160, '▌'],
    [5 / 160, '▋'],
    [6 / 160, '▊'],
    [7 / 160, '▉'],
    [8 / 160, '█'],
    [19 / 160, '██▍'],
    [1, '█'.repeat(20)],
    [2, '█'.repeat(20)],
    [-1, ''],
  ])('of the score %f is told in eighths of a column', (score, bar) => {
    expect(line({ score, text: '|' }).slice(line({ score }).search(/\.\d{3} {2}/) + 6)).toBe(
      `${bar.padEnd(20)}  |`,
    )
  })

  test.each([
    [200, 20],
    [100, 20],
    [80, 16],
    [45, 9],
    [20, 9],
  ])('takes, of %i columns, %i', (columns, width) => {
    expect(line({ score: 1 }, columns)).toContain(` ${'█'.repeat(width)}  `)
  })
})

describe('on a terminal', () => {
  test('a heading stands above, and is cut as well', () => {
    const heading = (columns: number): string | undefined =>
      tableLines([row({})], { columns, coloured: false })[0]
    expect(heading(60)).toBe('  #  score  relevance     document')
    expect(heading(20)).toBe('  #  score  relevanc')
  })

  test('no heading stands above nothing', () => {
    expect(tableLines([], { columns: 80, coloured: false })).toEqual([])
  })

  test.each([60, 40, 30])('of %i columns a text takes the rest', (columns) => {
    expect(line({ text: 'x'.repeat(100) }, columns)).toHaveLength(columns)
  })

  test('of few columns a text keeps four', () => {
    expect(line({ text: 'abcdef' }, 20)).toMatch(/ {2}abc…$/)
  })

  test('only what is coloured is painted', () => {
    const lines = tableLines([row({ score: 0, label: '' })], { columns: 45, coloured: true })
    expect(lines).toEqual([
      '\u001B[2m  #  score  relevance  document\u001B[0m',
      `  1  0.000  \u001B[32m${' '.repeat(9)}\u001B[0m    text`,
    ])
  })
})

describe('a label', () => {
  test('stands before its text', () => {
    expect(line({ label: 'a.md' })).toMatch(/█ +a\.md {2}text$/)
  })

  test('is printable, and painted, while its text is not', () => {
    const [painted] = tableLines([row({ label: 'a\n.md', text: 'a\nb' })], { ...PLAIN, coloured: true })
    expect(painted).toMatch(/ {2}\u001B\[36ma \.md\u001B\[0m {2}a b$/)
  })

  test.each([
    ['both fit', 'name', 'text', 'name  text'],
    ['the text does not', 'name', 'a text that is long', 'name  a text that is…'],
    ['eight columns are left for the text', 'a name 2.md', 'a text that is long', 'a name 2.md  a text…'],
    ['fewer are left', 'a name 23.md', 'a text that is long', 'a name 23.md'],
    ['the label does not', 'a name that is too long.md', 'text', 'a name that is too l…'],
  ])('in 21 columns where %s', (_, label, text, shown) => {
    expect(line({ label, text }, 44).slice(23)).toBe(shown)
  })
})
