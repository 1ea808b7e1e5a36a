import { describe, expect, test } from 'vitest'
import { failureLine } from '../../src/cli/failure.ts'
import { RerankConnectionError } from '../../src/index.ts'

describe('a failure', () => {
  test('is its message in one line', () => {
    expect(failureLine(new Error('a\nb\u001bc'), false)).toMatch(/^nebius-rerank: a b.*c$/)
  })

  test.each([false, true])('may be no error: --debug %s', (debug) => {
    expect(failureLine('text', debug)).toBe('nebius-rerank: text')
  })
})

describe('with --debug a failure is all that is known of it', () => {
  const stacked = (error: Error, stack: string): Error => Object.assign(error, { stack })

  test('where it comes from, with its indentation', () => {
    expect(failureLine(stacked(new Error('m'), 'Error: m\n    at \u001bhere\n  \n  x'), true)).toMatch(
      /^Error: m\n {4}at .*here\n {2}\n {2}x$/,
    )
  })

  test('what brought it about', () => {
    const cause = stacked(new Error('inner'), 'Error: inner\n    at there')
    expect(failureLine(stacked(new Error('m', { cause }), 'Error: m'), true)).toBe(
      'Error: m\ncaused by Error: inner\n    at there',
    )
  })

  test('the facts that an error of ours has', () => {
    const error = new RerankConnectionError('m', { attempts: 2, code: 'ECONNRESET' })
    expect(failureLine(stacked(error, 'RerankConnectionError: m'), true)).toBe(
      `RerankConnectionError: m\n${JSON.stringify(error)}`,
    )
  })
})
