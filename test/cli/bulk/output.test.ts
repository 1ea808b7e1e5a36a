import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { beforeEach, describe, expect, test } from 'vitest'
import { openOutput } from '../../../src/cli/bulk/output.ts'
import type { Output, Resumption } from '../../../src/cli/bulk/output.ts'
import { UsageError } from '../../../src/cli/terminal.ts'
import { rejection } from '../../helpers/rerank.ts'
import { broken, shellOf } from '../../helpers/shell.ts'

const RESUMED = { resume: true, retryFailed: false }
const RETRIED = { resume: true, retryFailed: true }
const DONE = '{"id":1,"results":[]}\n'
const FAILED = '{"id":2,"error":{}}\n'

let dir: string
let path: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'nebius-rerank-output-'))
  path = join(dir, 'OUT')
  return () => rm(dir, { recursive: true })
})

const open = (how: Partial<Resumption> = {}, where = path, stdout = new PassThrough()): Promise<Output> =>
  openOutput(where, shellOf({ stdout }).stdout, { resume: false, retryFailed: false, ...how })

describe('an output', () => {
  test('is locked until it is closed, and then not written any more', async () => {
    const output = await open()
    expect(await readdir(dir)).toEqual(['OUT', 'OUT.lock'])
    await output.write({ id: 1 })
    await output.close()
    expect(await readdir(dir)).toEqual(['OUT'])
    expect(await rejection(output.write({ id: 2 }))).toBeInstanceOf(UsageError)
    expect(await readFile(path, 'utf8')).toBe('{"id":1}\n')
  })

  test('that can not be gone on with is let go', async () => {
    await writeFile(path, 'text\n')
    expect(await rejection(open())).toHaveProperty(
      'message',
      `${path} is not empty: go on with it by --resume, or remove it`,
    )
    expect(await readdir(dir)).toEqual(['OUT'])
  })

  test('that can not be locked can not be written', async () => {
    await mkdir(`${path}.lock`)
    expect(await rejection(open())).toMatchObject({
      message: expect.stringMatching(/^Can't write .*OUT: EISDIR/) as unknown,
    })
  })

  test.each([
    ['a file', '/dev/full', new PassThrough(), '/dev/full: ENOSPC[^]*'],
    ['standard output', '-', broken('ENOSPC'), 'standard output: ENOSPC: no'],
  ])('that is full tells how to go on: %s', async (_, where, stdout, words) => {
    const output = await openOutput(where, shellOf({ stdout }).stdout, { resume: false, retryFailed: false })
    const reason = await rejection(output.write({}))
    expect(reason).toBeInstanceOf(UsageError)
    expect(reason).toHaveProperty(
      'message',
      expect.stringMatching(
        new RegExp(
          `^Can't write ${words}\\. Jobs are left undone: go on with --resume when that is settled$`,
        ),
      ),
    )
    expect(await rejection(output.close())).toBe(reason)
  })

  test('of no file is not locked, and not resumed', async () => {
    const output = await open({}, '/dev/null')
    expect(await readdir('/dev')).not.toContain('null.lock')
    await output.close()
    expect(await rejection(open(RESUMED, '/dev/null'))).toHaveProperty(
      'message',
      '--resume needs a file to go on with, and /dev/null is none',
    )
  })
})

describe('what was there before', () => {
  test('is known by its keys', async () => {
    await writeFile(path, `${DONE}${FAILED}{"line":3,"error":{}}\n`)
    const output = await open(RESUMED)
    expect([...output.done]).toEqual(['1', '2', 'line 3'])
    expect(output.failedBefore).toBe(2)
    await output.close()
  })

  test.each(['{', '{"i', '{"id":', '{"id":7,"resu', '{"line":7,"err', '{"l', '{"id":3,"results":[]}'])(
    'may end with what was cut off: %s',
    async (rest) => {
      await writeFile(path, DONE + rest)
      await (await open(RESUMED)).close()
      expect(await readFile(path, 'utf8')).toBe(DONE)
    },
  )

  test.each(['text', '{"ix', '{"lime":', '{}', '{"id":5}', 'null', '5', '"id"', '{"results":[]}', '[]'])(
    'is left as it is where its end is another’s: %s',
    async (rest) => {
      await writeFile(path, DONE + rest)
      expect(await rejection(open(RESUMED))).toHaveProperty(
        'message',
        `${path}:2 is no outcome of this command`,
      )
      expect(await readFile(path, 'utf8')).toBe(DONE + rest)
      expect(await readdir(dir)).toEqual(['OUT'])
    },
  )

  test('is left where it can not be copied', async () => {
    await writeFile(path, FAILED)
    await mkdir(`${path}.nebius-rerank`)
    expect(await rejection(open(RETRIED))).toMatchObject({
      message: expect.stringMatching(/^Can't write .*OUT: /) as unknown,
    })
    expect(await readFile(path, 'utf8')).toBe(FAILED)
  })

  test('is put back where it failed, and was not tried again', async () => {
    await writeFile(path, `${FAILED}${DONE}{"id":3,"error":{}}\n{"id":4,"error":{}}\n`)
    const output = await open(RETRIED)
    expect([...output.done]).toEqual(['1'])
    await output.write({ id: 3, results: [] })
    await output.restore()
    await output.close()
    expect(await readFile(path, 'utf8')).toBe(`${DONE}{"id":3,"results":[]}\n${FAILED}{"id":4,"error":{}}\n`)
  })
})
