import { describe, expect, test } from 'vitest'
import { failureLine } from '../../src/cli/failure.ts'
import { createRerankClient, RerankConnectionError } from '../../src/index.ts'
import type { ClientOptions } from '../../src/index.ts'
import { answers, clientOf, failure, KEY, scripted, stalls } from '../helpers/rerank.ts'

describe('a failure', () => {
  test('is its message in one line', () => {
    expect(failureLine(new Error('a\nb\u001bc'), false)).toMatch(/^nebius-rerank: a b.*c$/)
  })

  test.each([false, true])('may be no error: --debug %s', (debug) => {
    expect(failureLine('text', debug)).toBe('nebius-rerank: text')
  })
})

describe('a failure of the client speaks of the command’s flags', () => {
  test.each<[ClientOptions, string]>([
    [{ baseUrl: 'localhost:1' }, '--base-url must be an absolute http or https URL'],
    [{ apiKey: 'a b' }, 'NEBIUS_API_KEY must be printable ASCII'],
    [{ model: '' }, '--model must be '],
    [
      { baseUrl: 'http://service.test' },
      'The API key would be sent unencrypted to http://service.test: use https',
    ],
  ])('for %j', (options, words) => {
    const make = (): unknown => createRerankClient({ apiKey: KEY, ...options })
    expect(make).toThrow(TypeError)
    try {
      make()
    } catch (error) {
      const line = failureLine(error, false)
      expect(line).toContain(`nebius-rerank: ${words}`)
      expect(line).not.toMatch(/baseUrl|apiKey|allowInsecureHttp/)
    }
  })

  test.each<[number, string]>([
    [401, 'Check the key given as NEBIUS_API_KEY.'],
    [404, 'Check --base-url and the model id, which is case-sensitive.'],
    [302, 'set --base-url to the URL of the service.'],
  ])('for a %i', async (status, words) => {
    const client = clientOf(scripted(answers(status, { detail: 'no' })))
    expect(failureLine(await failure(client.rank('q', ['a'])), false)).toContain(words)
  })

  test('for a deadline', async () => {
    const call = clientOf(scripted(stalls)).rank('q', ['a'], { deadlineMs: 5 })
    expect(failureLine(await failure(call), false)).toContain(' within 5 ms (--timeout)')
  })

  test('and leaves what a server says', async () => {
    const client = clientOf(scripted(answers(400, { detail: 'baseUrl must be so, with apiKey' })))
    const line = failureLine(await failure(client.rank('q', ['a'])), false)
    expect(line).toContain('baseUrl must be so, with apiKey')
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
