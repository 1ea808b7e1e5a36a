import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
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
  readDocuments(files, { textField: undefined, wholeFiles: false, ...form }, standardInput(input))
const standardInput = (input: string) => shellOf({ stdin: Readable.from([Buffer.from(input)]) }).stdin

describe('lines', () => {
  test.each([
    ['a\r\n\r\n b \n', ['a', '', ' b ']],
    ['a\n\n', ['a', '']],
    ['\uFEFFa\n\uFEFFb', ['a', '\uFEFFb']],
    ['a\uFEFFb', ['a\uFEFFb']],
    ['a\rb\r\n', ['a\rb']],
  ])('of %j are %j', async (input, texts) => {
    expect(await read(input)).toEqual(texts.map((text) => ({ text, source: text })))
  })

  test('of JSON have their text in a field, and stay what they are where they are blank', async () => {
    expect(await read('{"t":"a","more":1}\n  \n{"t":""}', { textField: 't' })).toEqual([
      { text: 'a', source: { t: 'a', more: 1 } },
      { text: '', source: '  ' },
      { text: '', source: { t: '' } },
    ])
  })

  test.each(['null', '5', '"text"', '{"length":5}', '[]', '{}'])(
    'of JSON may have no text: %s',
    async (line) => {
      expect(await rejection(read(`\n${line}`, { textField: 'length' }))).toHaveProperty(
        'message',
        'standard input:2 has no text in the field "length"',
      )
    },
  )

  test('that are no JSON are told, with their cause', async () => {
    expect(await rejection(read('{', { textField: 't' }))).toMatchObject({
      message: 'standard input:1 is no JSON, which --text-field asks for',
      cause: expect.any(SyntaxError) as unknown,
    })
  })
})

test('whole files have their names', async () => {
  const file = join(dir, 'a')
  expect(await read('typed\nin', { wholeFiles: true }, [file, '-'])).toEqual([
    { text: 'in a file', file },
    { text: 'typed\nin', file: 'standard input' },
  ])
})

test.each(['', '\n', ' \t\n\r\n'])('of a blank input, such as %j, nothing can be ranked', async (input) => {
  expect(await rejection(read(input))).toEqual(new UsageError('No documents: the input is blank'))
})

test.each([
  ['missing', 'no such file', 'ENOENT'],
  ['.', 'it is a folder', 'EISDIR'],
  ['a/b', expect.stringContaining('ENOTDIR'), 'ENOTDIR'],
])('what can not be read is told, with its cause: %s', async (name, reason, code) => {
  const path = join(dir, name)
  const error = await rejection(read('', {}, [path]))
  expect(error).toBeInstanceOf(UsageError)
  expect(error).toMatchObject({ cause: { code } })
  expect(String(error).split(`Can't read ${path}: `)).toEqual(['Error: ', reason])
})
