import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { beforeEach, expect, test } from 'vitest'
import { findInput } from '../../../src/cli/bulk/input.ts'
import type { Input } from '../../../src/cli/bulk/input.ts'
import { UsageError } from '../../../src/cli/terminal.ts'
import { rejection } from '../../helpers/rerank.ts'
import { shellOf } from '../../helpers/shell.ts'

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'nebius-rerank-input-'))
  return () => rm(dir, { recursive: true })
})

const find = (name: string, stdin = Readable.from([Buffer.from('typed\n')])): Promise<Input> =>
  findInput(name === '-' ? name : join(dir, name), shellOf({ stdin }).stdin)

async function textsOf({ lines }: Input): Promise<string[]> {
  const texts: string[] = []
  for await (const { text } of lines) texts.push(text)
  return texts
}

test('a file is counted without its blank lines, and read with them', async () => {
  await writeFile(join(dir, 'IN'), 'a\n\n  \nb')
  const input = await find('IN')
  expect(await input.count()).toBe(2)
  expect(await textsOf(input)).toEqual(['a', '', '  ', 'b'])
})

test('standard input is read, and not counted', async () => {
  const input = await find('-')
  expect(await input.count()).toBeUndefined()
  expect(await textsOf(input)).toEqual(['typed'])
})

test('a silent input that is closed is read no further', async () => {
  const stdin = new Readable({ read: () => undefined })
  const input = await find('-', stdin)
  const first = input.lines[Symbol.asyncIterator]().next()
  input.close()
  expect(await rejection(first)).toHaveProperty('code', 'ERR_STREAM_PREMATURE_CLOSE')
})

test.each([
  ['missing', 'no such file'],
  ['.', 'it is a folder'],
])('what is none is told: %s', async (name, reason) => {
  expect(await rejection(find(name))).toEqual(new UsageError(`Can't read ${join(dir, name)}: ${reason}`))
})
