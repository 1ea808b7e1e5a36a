import { describe, expect, test } from 'vitest'
import { decode } from '../../../../src/cli/serve/page/decode.ts'
import { documentsIn, kindOf } from '../../../../src/cli/serve/page/documents.ts'

describe('text', () => {
  test.each([
    ['line', 'one\n\n two \r\nthree', ['one', ' two ', 'three']],
    ['paragraph', 'one\ntwo\n \nthree\r\n\r\nfour\n', ['one\ntwo', 'three', 'four']],
  ])('is split by %s', (part, text, texts) => {
    expect(documentsIn(text, 'text', part)).toMatchObject({ texts, part, skipped: 0 })
  })

  test.each(['', ' \n\t\n'])('without a word has no documents: %j', (text) => {
    expect(documentsIn(text, 'text', '').texts).toEqual([])
  })
})

describe('JSON', () => {
  test.each([
    ['strings', '["one", "two"]', ['one', 'two']],
    ['objects with a usual field', '[{"id":"a long id that is no text","text":"one"}]', ['one']],
    ['objects with an inner field', '[{"id":"1","meta":{"body":"one"}}]', ['one']],
    ['objects whose longest field is unusual', '[{"id":"1","words":"one two three"}]', ['one two three']],
    ['an object with a list in it', '{"took":1,"hits":[{"content":"one"}]}', ['one']],
    ['JSON Lines', '{"text":"one"}\n{"text":"two"}\n', ['one', 'two']],
    ['strings and objects', '["one", {"text":"two"}]', ['one', 'two']],
    ['a name with a dot', '[{"a.b":"one"}]', ['one']],
    ['one object', '{"text":"one"}', ['one']],
    ['names that every object has', '[{"__proto__":"x","constructor":"one two"}]', ['one two']],
  ])('gives the texts of %s', (_, text, texts) => {
    expect(documentsIn(text, 'json', '').texts).toEqual(texts)
  })

  test('gives the field that is chosen, and counts the records without it', () => {
    const text = '[{"text":"a","title":"A"},{"text":"b"},{"title":5}]'
    expect(documentsIn(text, 'json', 'title')).toEqual({
      texts: ['A', '5'],
      part: 'title',
      parts: [
        ['text', 'text'],
        ['title', 'title'],
      ],
      skipped: 1,
    })
  })

  test.each([
    ['half of it', '[{"text": "a"},', /^This is not JSON: /],
    ['a line of it that is none', '{"text":"a"}\n{"text":\n{"text":"c"}', /^This is not JSON in line 2: /],
    ['no texts', '[1, 2]', /^This JSON has no texts/],
  ])('says so of %s', (_, text, message) => {
    expect(() => documentsIn(text, 'json', '')).toThrow(message)
  })
})

describe('CSV', () => {
  test.each([
    ['commas', 'id,text\n1,one\n2,"two, ""quoted"""\n', ['one', 'two, "quoted"']],
    ['semicolons', 'id;text\n1;one, two\n', ['one, two']],
    ['tabs', 'id\ttext\n1\tone', ['one']],
    ['line breaks in quotes', 'text\r\n"one\r\ntwo"\r\nthree\r\n', ['one\r\ntwo', 'three']],
    ['a column with a usual name', 'a very long header that is none,Text\nlong long long,x', ['x']],
    ['the longest column', 'a,b\n1,long\n2,longer', ['long', 'longer']],
    ['a row that is too short', 'a,text\n1\n2,two', ['two']],
    ['a field at the end that is empty', 'text,a\none,', ['one']],
  ])('has the texts of %s', (_, text, texts) => {
    expect(documentsIn(text, 'csv', '').texts).toEqual(texts)
  })

  test('gives the column that is chosen', () => {
    const { texts, parts } = documentsIn('a,,text\nx,y,z', 'csv', '1')
    expect(texts).toEqual(['y'])
    expect(parts.map(([, name]) => name)).toEqual(['a', 'column 2', 'text'])
  })

  test('says where a quote begins that is never closed', () => {
    expect(() => documentsIn('text\none\n"two', 'csv', '')).toThrow(
      'The quotation mark on line 3 of the CSV is never closed.',
    )
  })

  test('reads a megabyte of quotes in time', () => {
    const started = performance.now()
    documentsIn(`text\n"${'""'.repeat(500_000)}"`, 'csv', '')
    expect(performance.now() - started).toBeLessThan(2_000)
  })
})

test.each([
  ['notes.csv', 'a', 'csv'],
  ['notes.TSV', 'a', 'csv'],
  ['notes.jsonl', 'a', 'json'],
  ['notes.txt', '[{"text":"a"}]', 'json'],
  ['notes.txt', '[1] A reference, and no JSON', 'text'],
  ['notes.txt', 'a, b', 'text'],
])('%s with %j is %s', (name, text, kind) => {
  expect(kindOf(text, name)).toBe(kind)
})

describe('a file', () => {
  const utf16 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'utf16le'))
  const swapped = (bytes: Uint8Array): Uint8Array => new Uint8Array(Buffer.from(bytes).swap16())

  test.each([
    ['UTF-8', Buffer.from('für'), 'für', ''],
    ['UTF-8 with a mark', Buffer.from('\ufefffür'), 'für', ''],
    ['UTF-16 with a mark', utf16('\ufefffür'), 'für', ''],
    ['UTF-16 the other way round', swapped(utf16('\ufefffür')), 'für', ''],
    [
      'UTF-16 without a mark',
      utf16('for you'),
      'for you',
      'f has no byte order mark and was read as UTF-16.',
    ],
    [
      'Windows-1252',
      Buffer.from('f\xfcr', 'latin1'),
      'für',
      'f is not UTF-8 and was read as Windows-1252. Check its accents.',
    ],
    ['nothing', Buffer.alloc(0), '', ''],
  ])('of %s is read', (_, bytes, text, note) => {
    expect(decode(new Uint8Array(bytes), 'f')).toEqual({ text, note })
  })

  test.each([
    ['zeros', new Uint8Array(1000)],
    ['a PNG', Buffer.from('\x89PNG\r\n\x1a\n\0\0\0\rIHDR', 'latin1')],
    ['noise', Uint8Array.from({ length: 1000 }, (_, n) => (n * 7919) % 256)],
  ])('of %s is no text, and says so', (_, bytes) => {
    expect(() => decode(bytes, 'f')).toThrow('f is not a text file. Save it as text, JSON or CSV first.')
  })

  test('that is damaged says so', () => {
    const bytes = new Uint8Array([0xef, 0xbb, 0xbf, 0xff])
    expect(() => decode(bytes, 'f')).toThrow('f says that it is UTF-8, but is damaged.')
  })
})
