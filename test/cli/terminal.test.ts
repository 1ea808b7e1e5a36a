import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { describe, expect, test } from 'vitest'
import { ReaderLeft, tell, unwritable, UsageError, variable, writeLines } from '../../src/cli/terminal.ts'
import { rejection } from '../helpers/rerank.ts'
import { broken, shellOf } from '../helpers/shell.ts'

test.each([
  [{ NAME: 'value' }, 'value'],
  [{ NAME: '' }, undefined],
  [{}, undefined],
])('of %j the variable is %j', (env, value) => {
  expect(variable(shellOf({ env }), 'NAME')).toBe(value)
})

describe('lines', () => {
  test('are each ended', async () => {
    const stdout = new PassThrough()
    await writeLines(shellOf({ stdout }), ['a', 'b'])
    await writeLines(shellOf({ stdout }), [])
    stdout.end()
    expect(await text(stdout)).toBe('a\nb\n')
  })

  test('have a reader who has left', async () => {
    const reason = await rejection(writeLines(shellOf({ stdout: broken('EPIPE') }), ['a']))
    expect(reason).toBeInstanceOf(ReaderLeft)
  })

  test.each(['ENOSPC', undefined])('can not be written: %s', async (code) => {
    const reason = await rejection(writeLines(shellOf({ stdout: broken(code) }), ['a']))
    expect(reason).toBeInstanceOf(UsageError)
    expect(reason).toHaveProperty('message', `Can't write standard output: ${code}: no`)
  })

  test('that are beside the results change nothing when they can not', async () => {
    await expect(tell(shellOf({ stderr: broken('ENOSPC') }), ['a'])).resolves.toBeUndefined()
  })
})

test.each([
  [new Error('full'), 'full'],
  ['full', 'full'],
])('what can not be written for %j is told, with its cause', (cause, words) => {
  expect(unwritable('OUT', cause)).toMatchObject({ message: `Can't write OUT: ${words}`, cause })
  expect(unwritable('OUT', cause, '. Go on').message).toBe(`Can't write OUT: ${words}. Go on`)
})
