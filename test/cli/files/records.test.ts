import { writeFile } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, onTestFinished, test } from 'vitest'
import { openRecords, openSource, Unreadable } from '../../../src/cli/files/index.ts'
import type { ReadOptions, Records } from '../../../src/cli/files/index.ts'
import { UsageError } from '../../../src/cli/terminal.ts'
import { temporaryFolder } from '../../helpers/folder.ts'
import { rejection } from '../../helpers/rerank.ts'

async function open(content: string | Buffer, options: ReadOptions = {}): Promise<Records> {
  const path = `${await temporaryFolder()}/FILE`
  await writeFile(path, content)
  const source = await openSource(path, Readable.from([]))
  onTestFinished(() => source.close())
  return openRecords(source, options)
}

/** The number of each record, with its value or what is wrong with it. */
async function contentsOf(records: Records): Promise<[number: number, value: unknown][]> {
  const contents: [number, unknown][] = []
  for await (const record of records.read()) {
    try {
      contents.push([record.number, record.read()])
    } catch (error) {
      expect(error).toBeInstanceOf(Unreadable)
      contents.push([record.number, (error as Error).message])
    }
  }
  return contents
}

const read = async (content: string | Buffer, options: ReadOptions = {}): Promise<unknown[]> => {
  const records = await open(content, options)
  return [records.description, await contentsOf(records)]
}

const utf16le = (text: string): Buffer => Buffer.from(`\uFEFF${text}`, 'utf16le')

describe('a format is told from the content', () => {
  test.each([
    [
      '{"id":1}\n\n {"id":2}',
      'JSON Lines',
      [
        [1, { id: 1 }],
        [3, { id: 2 }],
      ],
    ],
    [
      '{"id": 1, "query": \n[]\n',
      'JSON Lines',
      [
        [1, 'the line is not JSON'],
        [2, []],
      ],
    ],
    [
      'broken, half\n{"id":2}\n',
      'JSON Lines',
      [
        [1, 'the line is not JSON'],
        [2, { id: 2 }],
      ],
    ],
    [
      '{"id":1}\n\0\0',
      'JSON Lines',
      [
        [1, { id: 1 }],
        [2, 'the line is not JSON: it contains NUL bytes'],
      ],
    ],
    ['', 'JSON Lines', []],
    [
      '\n[{"id":1,"a":[1,"]\\""]},\r\n{"id":2}\n, 5]\n',
      'JSON',
      [
        [1, { id: 1, a: [1, ']"'] }],
        [2, { id: 2 }],
        [3, 5],
      ],
    ],
    [
      '[{"id":1}, tru, "x"]',
      'JSON',
      [
        [1, { id: 1 }],
        [2, 'the value on line 1 is not JSON'],
        [3, 'x'],
      ],
    ],
    ['[]', 'JSON', []],
    [
      '{\n  "id": 1,\n  "d": ["}"]\n}\n{\n  "id": 2\n}\n',
      'JSON',
      [
        [1, { id: 1, d: ['}'] }],
        [2, { id: 2 }],
      ],
    ],
    ['id,query\n1,"a, b"\n', 'CSV', [[2, { id: '1', query: 'a, b' }]]],
    ['id;query\n1;a, b\n', 'CSV with semicolons', [[2, { id: '1', query: 'a, b' }]]],
    ['sep=;\r\nid;q\r\n1;2\r\n', 'CSV with semicolons', [[3, { id: '1', q: '2' }]]],
    ['id\tquery\n1\ta, b\n', 'TSV', [[2, { id: '1', query: 'a, b' }]]],
  ])('%j', async (content, description, contents) => {
    expect(await read(content)).toEqual([description, contents])
  })

  test('or by its name', async () => {
    expect(await read('query\nwhat?\n', { format: 'csv' })).toEqual(['CSV', [[2, { query: 'what?' }]]])
  })
})

describe('CSV', () => {
  test('may have line breaks and quotes in quoted cells, blank rows, and any line ending', async () => {
    const content = 'id,text\r\n1,"a\r\nb ""c"""\r\n\r\n2,5" disk\r3,"say "hi" now"\n4,'
    expect((await read(content))[1]).toEqual([
      [2, { id: '1', text: 'a\r\nb "c"' }],
      [5, { id: '2', text: '5" disk' }],
      [6, { id: '3', text: '"say "hi" now"' }],
      [7, { id: '4', text: '' }],
    ])
  })

  test.each([
    ['a,b\n1\n2,3\n', 'the row has 1 cells, but the header has 2'],
    ['a,b\n1,\0\n2,3\n', 'the row contains NUL bytes'],
  ])('has rows that can’t be read, and the rest goes on: %j', async (content, problem) => {
    expect((await read(content))[1]).toEqual([
      [2, problem],
      [3, { a: '2', b: '3' }],
    ])
  })

  test.each([
    ['a,b\n1,2\n3,"4\n5,6\n', /FILE: after line 2, a quote is never closed$/],
    ['a,b,a\n1,2,3\n', /FILE: the header has the column "a" twice$/],
  ])('that can’t be read at all says why: %j', async (content, message) => {
    const reason = await rejection(read(content))
    expect(reason).toBeInstanceOf(UsageError)
    expect((reason as Error).message).toMatch(message)
  })

  test('keeps what the writer meant, wherever chunks end', async () => {
    const cell = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r', ' ', 'é') })
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(cell, cell), { minLength: 1 }), async (rows) => {
        const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`
        const content = ['x,y', ...rows.map((row) => row.map(quoted).join(','))].join('\r\n')
        const bytes = Buffer.from(content)
        const source = await openSource('-', Readable.from([...bytes].map((byte) => Buffer.of(byte))))
        const values = (await contentsOf(await openRecords(source, { format: 'csv' }))).map(
          ([, value]) => value,
        )
        expect(values).toEqual(rows.map(([x, y]) => ({ x, y })))
      }),
      { numRuns: 30 },
    )
  })
})

describe('files that were joined', () => {
  test.each([
    [
      '\uFEFF{"id":1}\n\uFEFF{"id":2}\n',
      [
        [1, { id: 1 }],
        [2, { id: 2 }],
      ],
    ],
    [
      '\uFEFF{"id":1}\uFEFF{"id":2}',
      [
        [1, { id: 1 }],
        [1, { id: 2 }],
      ],
    ],
    [
      '\uFEFF[{"id":1}]\n\uFEFF[{"id":2}]',
      [
        [1, { id: 1 }],
        [2, { id: 2 }],
      ],
    ],
    [
      '\uFEFFid,q\n1,a\n\uFEFFid,q\n2,b\n',
      [
        [2, { id: '1', q: 'a' }],
        [4, { id: '2', q: 'b' }],
      ],
    ],
    ['{"text":"a\uFEFFb"}', [[1, { text: 'a\uFEFFb' }]]],
  ])('are read as one: %j', async (content, contents) => {
    expect((await read(content))[1]).toEqual(contents)
  })
})

describe('an encoding', () => {
  const content = '{"id":"ü😀"}\r\n'
  const contents = [[1, { id: 'ü😀' }]]
  const bare = utf16le(content).subarray(2)

  test.each([
    ['UTF-8 with a mark', Buffer.from(`\uFEFF${content}`), undefined, 'JSON Lines'],
    ['UTF-16LE', utf16le(content), undefined, 'JSON Lines, UTF-16LE'],
    ['UTF-16BE', Buffer.from(utf16le(content)).swap16(), undefined, 'JSON Lines, UTF-16BE'],
    ['UTF-16LE without a mark, named', bare, 'utf-16le', 'JSON Lines, UTF-16LE'],
    ['gzip', gzipSync(content), undefined, 'JSON Lines, gzip'],
    [
      'gzip in members, of UTF-16',
      Buffer.concat([gzipSync(utf16le(content))]),
      undefined,
      'JSON Lines, gzip, UTF-16LE',
    ],
  ])('is told: %s', async (_, bytes, encoding, description) => {
    expect(await read(bytes, { encoding })).toEqual([description, contents])
  })

  test.each([
    ['windows-1252', [0x80, 0x93], '€“'],
    ['cp1251', [0xef], 'п'],
    ['cp850', [0x82], 'é'],
    ['koi8-r', [0xc1], 'а'],
    ['shift_jis', [0x93, 0xfa], '日'],
    ['GBK', [0xc4, 0xe3], '你'],
    ['euc-kr', [0xb0, 0xa1], '가'],
  ])('is named: %s', async (encoding, bytes, text) => {
    const file = Buffer.concat([Buffer.from('{"id":"'), Buffer.from(bytes), Buffer.from('"}\n')])
    expect((await read(file, { encoding }))[1]).toEqual([[1, { id: text }]])
  })

  const latin = (text: string): Buffer => Buffer.from(text, 'latin1')
  test.each([
    [
      'Windows-1252',
      latin('{"id":1}\n{"id":"caf\xE9"}\n'),
      {},
      ':2: byte 11 (0xE9, at offset 19 of the file) is not UTF-8',
    ],
    [
      'a cut character',
      latin('{"id":1}\r\n{"id":"\xC3'),
      {},
      ':2: byte 8 (0xC3, at offset 17 of the file) is not UTF-8',
    ],
    [
      'half a pair',
      Buffer.concat([utf16le('a\n'), Buffer.of(0, 0xd8, 65, 0)]),
      {},
      ':2: byte 1 (0x00, at offset 6 of the file) is not UTF-16LE',
    ],
    [
      'half a unit',
      Buffer.concat([utf16le('a\n'), Buffer.of(65)]),
      {},
      ':2: byte 1 (0x41, at offset 6 of the file) is not UTF-16LE',
    ],
    ['UTF-16 without a mark', bare, {}, ':1: byte 2 (0x00) is not text in UTF-8: it looks like UTF-16'],
    [
      'what the named one has not',
      latin('a\r\nb\x81'),
      { encoding: 'windows-1253' },
      ':2: byte 2 (0x81, at offset 4 of the file) is not WINDOWS-1253',
    ],
    [
      'what shift_jis has not',
      latin('a\n\x93\xFA\xFF'),
      { encoding: 'shift_jis' },
      ':2: byte 3 (0xFF, at offset 4 of the file) is not SHIFT_JIS',
    ],
    ['UTF-32', Buffer.from([0xff, 0xfe, 0, 0, 65, 0, 0, 0]), {}, 'it is in UTF-32'],
    ['an unknown name', latin('a'), { encoding: 'klingon' }, '--encoding "klingon" is not known'],
    ['a workbook', latin('PK\x03\x04'), {}, 'it is a zip archive, such as an Excel workbook'],
    ['half a gzip', gzipSync('{"id":1}\n'.repeat(99)).subarray(0, 25), {}, "Can't unpack"],
  ])('that is none is told by line and byte: %s', async (_, bytes, options, message) => {
    const reason = await rejection(read(bytes, options))
    expect(reason).toBeInstanceOf(UsageError)
    expect((reason as Error).message).toContain(message)
  })

  test('of zstd is unpacked, in frames too', async () => {
    const frames = ['KLUv/QRYqQAAbGluZSBvbmUgw6kKbGluZSB0d28K8BgvXQ==', 'KLUv/QRYWQAAbGluZSB0aHJlZQrTN4By']
    const bytes = Buffer.concat(frames.map((frame) => Buffer.from(frame, 'base64')))
    const source = await openSource('-', Readable.from([...bytes].map((byte) => Buffer.of(byte))))
    const records = await openRecords(source, { format: 'tsv' })
    expect([
      records.columns,
      (await contentsOf(records)).map(([, value]) => Object.values(value as Record<string, string>)),
    ]).toEqual([['line one é'], [['line two'], ['line three']]])
    const cut = await openSource('-', Readable.from([bytes.subarray(0, 20)]))
    expect(await rejection(openRecords(cut))).toBeInstanceOf(UsageError)
  })
})

describe('JSON that is none ends the reading', () => {
  test.each([
    ['[{"id":1},\n{"id":2}\n{"id":3}]', ':3: unexpected "{"'],
    ['[{"id":1},', ':1: it ends too early'],
    ['[{"id":1},]', ':1: unexpected "]"'],
    ['[{"id":"', ':1: it ends too early'],
    ['[1]}', ':1: unexpected "}"'],
  ])('%j', async (content, message) => {
    const reason = await rejection(read(content))
    expect(reason).toBeInstanceOf(UsageError)
    expect((reason as Error).message).toContain(message)
  })
})

test('a file is read anew each time, a stream once', async () => {
  const file = await open('{"id":1}\n')
  expect(await contentsOf(file)).toEqual(await contentsOf(file))
  const stream = await openRecords(await openSource('-', Readable.from([Buffer.from('{"id":1}\n')])))
  expect(await contentsOf(stream)).toEqual([[1, { id: 1 }]])
  expect(await rejection(contentsOf(stream))).toBeInstanceOf(UsageError)
})

test('fields are known by the text that stands there', async () => {
  const content = '{"n": 12345678901234567890, "a" : [1.0, {"b": "}"}] ,"s":"x\\u0041,", "n":1.50}\n'
  for await (const record of (await open(content)).read()) {
    record.read()
    expect(Object.fromEntries(record.texts())).toEqual({
      a: '[1.0, {"b": "}"}]',
      s: '"x\\u0041,"',
      n: '1.50',
    })
  }
})

test.each([
  ['missing', 'no such file'],
  ['.', 'it is a folder'],
])('what can’t be read is told: %s', async (name, reason) => {
  const path = `${await temporaryFolder()}/${name}`
  expect(await rejection(openSource(path, Readable.from([])))).toEqual(
    new UsageError(`Can't read ${path}: ${reason}`),
  )
})
