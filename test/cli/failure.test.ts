import { describe, expect, test } from 'vitest'
import { failureLine, withoutNextStep } from '../../src/cli/failure.ts'
import { createRerankClient, RerankConnectionError } from '../../src/index.ts'
import type { ClientOptions } from '../../src/index.ts'
import { answers, clientOf, failure, KEY, scripted, stalls, throws } from '../helpers/rerank.ts'

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
    [302, 'Set --base-url to the URL of the service'],
  ])('for a %i', async (status, words) => {
    const client = clientOf(scripted(answers(status, { detail: 'no' })))
    expect(failureLine(await failure(client.rank('q', ['a'])), false)).toContain(words)
  })

  test.each<[ClientOptions, string]>([
    [{ deadlineMs: 5 }, '. Raise --timeout, or send less at once.'],
    [{ timeoutMs: 5, maxRetries: 0 }, '. Try again later, or send less at once.'],
  ])('for a time-out by %j', async (options, words) => {
    const call = clientOf(scripted(stalls)).rank('q', ['a'], options)
    expect(failureLine(await failure(call), false)).toContain(` within 5 ms${words}`)
  })

  test.each([{}, { 'retry-after': '90' }])('for a 429 with %j', async (headers) => {
    const client = clientOf(scripted(answers(429, { detail: 'no' }, headers)), { maxRetries: 0 })
    expect(failureLine(await failure(client.rank('q', ['a'])), false)).toMatch(
      /returned 429: no(?: \(retry after 90000 ms\))?\. Try again later\.$/,
    )
  })

  test('for a connection', async () => {
    const client = clientOf(scripted(throws(new TypeError('fetch failed'))), { maxRetries: 0 })
    expect(failureLine(await failure(client.rank('q', ['a'])), false)).toContain(
      '. Check --base-url, the network',
    )
  })

  test('for a document that is too long', async () => {
    const detail = "This model's maximum context length is 32768 tokens"
    const client = clientOf(scripted(answers(400, { detail })))
    expect(failureLine(await failure(client.rank('q', ['a'])), false)).toMatch(
      /The longest is items\[0\] \(length 1\): split it\.$/,
    )
  })

  test.each([429, 500, 404])('and may leave out the next step after a %i', async (status) => {
    const client = clientOf(scripted(answers(status, { detail: 'no' })), { maxRetries: 0 })
    expect(withoutNextStep((await failure(client.rank('q', ['a']))).message)).toBe(
      `POST /v1/rerank returned ${status}: no`,
    )
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
