import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Unreadable } from '../../../src/cli/files/index.ts'
import { readDocuments } from '../../../src/cli/rank/documents.ts'
import type { Document, Form } from '../../../src/cli/rank/documents.ts'
import { UsageError } from '../../../src/cli/terminal.ts'
import { rejection } from '../../helpers/rerank.ts'
import { shellOf } from '../../helpers/shell.ts'

let dir: string
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'nebius-rerank-documents-'))
  await writeFile(join(dir, 'a'), 'in a file')
})
afterAll(() => rm(dir, { recursive: true }))

/** The documents of standard input, or of files beside it. */
const read = (input: string, form: Partial<Form> = {}, files = ['-']): Promise<Document[]> =>
  readDocuments(
    files,
    { textField: undefined, idField: undefined, wholeFiles: false, ...form },
    shellOf({ stdin: Readable.from([Buffer.from(input)]) }),
  )

describe('lines', () => {
  test.each([
    ['a\r\n\r\n b \n', ['a', '', ' b ']],
    ['a\n\n', ['a', '']],
    ['\uFEFFa\n\uFEFFb', ['a', 'b']],
    ['a\uFEFFb', ['a\uFEFFb']],
    ['a\rb\r\n', ['a', 'b']],
  ])('of %j are %j', async (input, texts) => {
    expect(await read(input)).toEqual(texts.map((text) => ({ text, source: text })))
  })

  test('of JSON have their text in a field, and stay what they are where they are blank', async () => {
    expect(await read('{"t":"a","more":1}\n  \n{"t":""}', { textField: 't' })).toEqual([
      { text: 'a', source: { t: 'a', more: 1 } },
      { text: '', source: '' },
      { text: '', source: { t: '' } },
    ])
  })

  test.each(['null', '5', '"text"', '{"length":5}', '{}'])('of JSON may have no text: %s', async (line) => {
    expect(await rejection(read(`\n${line}`, { textField: 'length' }))).toHaveProperty(
      'message',
      'standard input:2 has no text in the field "length": name the field with --text-field',
    )
  })

  test('that are no JSON are told, with their cause', async () => {
    expect(await rejection(read('{', { textField: 't' }))).toMatchObject({
      message: 'standard input:1: the line is not JSON. To rank lines, leave out options for records',
      cause: expect.any(Unreadable) as unknown,
    })
  })
})

describe('records', () => {
  test.each([
    ['CSV', 'sku,name\n1,"Wool, warm"\n2,Cotton\n'],
    ['TSV', 'sku\tname\n1\tWool, warm\n2\tCotton\n'],
    ['a JSON array', '[{"sku":"1","name":"Wool, warm"},\n{"sku":"2","name":"Cotton"}]'],
    [
      'objects over several lines',
      '{\n  "sku": "1",\n  "name": "Wool, warm"\n}\n{\n  "sku": "2",\n  "name": "Cotton"\n}',
    ],
  ])('of %s have their text and their id in fields', async (_, input) => {
    expect(await read(input, { textField: 'name', idField: 'sku' })).toEqual([
      { text: 'Wool, warm', id: '1', source: { sku: '1', name: 'Wool, warm' } },
      { text: 'Cotton', id: '2', source: { sku: '2', name: 'Cotton' } },
    ])
  })

  test('of an array may be texts', async () => {
    expect(await read('["a", "b"]', { format: 'json' })).toEqual([
      { text: 'a', source: 'a' },
      { text: 'b', source: 'b' },
    ])
  })

  test('without an id are told', async () => {
    expect(await rejection(read('{"text":"a"}', { idField: 'sku' }))).toEqual(
      new UsageError('standard input:1 has no id in the field "sku"'),
    )
  })
})

test('lines may be in another encoding', async () => {
  await writeFile(join(dir, 'latin'), Buffer.from('caf\xE9 \x80', 'latin1'))
  expect(await read('', { encoding: 'windows-1252' }, [join(dir, 'latin')])).toEqual([
    { text: 'café €', source: 'café €' },
  ])
  expect(await rejection(read('', {}, [join(dir, 'latin')]))).toMatchObject({
    message: expect.stringContaining('latin:1: byte 4 (0xE9') as unknown,
  })
})

test('whole files have their names', async () => {
  const file = join(dir, 'a')
  expect(await read('typed\nin', { wholeFiles: true }, [file, '-'])).toEqual([
    { text: 'in a file', file },
    { text: 'typed\nin', file: 'standard input' },
  ])
})

test('more than a million documents are refused while they are read', async () => {
  const error = await rejection(read('a\n'.repeat(1_000_001)))
  expect(error).toBeInstanceOf(UsageError)
  expect(String(error)).toMatch(/standard input makes more than 1,000,000 documents/)
})

test.each(['', '\n', ' \t\n\r\n'])('of a blank input, such as %j, nothing can be ranked', async (input) => {
  expect(await rejection(read(input))).toEqual(
    new UsageError('No documents: the input is blank. Name a FILE, or pipe lines in'),
  )
})

test.each([
  ['missing', 'no such file', 'ENOENT'],
  ['a/b', 'not a directory', 'ENOTDIR'],
])('what can not be read is told, with its cause: %s', async (name, reason, code) => {
  const path = join(dir, name)
  const error = await rejection(read('', {}, [path]))
  expect(error).toBeInstanceOf(UsageError)
  expect(error).toMatchObject({ cause: { code } })
  expect(String(error).split(`Can't read ${path}: `)).toEqual(['Error: ', reason])
})
