import { describe, expect, test } from 'vitest'
import { isWrappedError, pageWords, readIssues, serverMessage } from '../../src/errors/server-message.ts'
import { oneLine } from '../../src/shared/one-line.ts'

const issue = (path: string): object => ({
  type: 'string_type',
  loc: path.split('.'),
  msg: 'Input should be a string',
})

describe('the server’s words', () => {
  test.each([
    ['in detail', { detail: 'The model `X` does not exist.' }, 'The model `X` does not exist.'],
    ['in error', { error: 'insufficient credits' }, 'insufficient credits'],
    ['in error.message', { error: { message: 'too long', type: 'x', code: 400 } }, 'too long'],
    ['in message', { message: 'overloaded' }, 'overloaded'],
    ['in text', 'upstream connect error', 'upstream connect error'],
    ['in no known place', { code: 7 }, '{"code":7}'],
    ['in detail, an object', { detail: { why: 'because' } }, '{"detail":{"why":"because"}}'],
    ['in a string of JSON', ['a', 'b'], '["a","b"]'],
    ['in message where detail is blank', { detail: ' ', message: 'overloaded' }, 'overloaded'],
    ['in error.detail', { error: { detail: 'too long' } }, 'too long'],
    ['in error.msg', { error: { msg: 'too long' } }, 'too long'],
    ['in a list of errors', { errors: [{ message: 'too long' }] }, 'too long'],
    ['in a list of faults', { detail: [issue('body.query')] }, 'body.query: Input should be a string'],
    ['in a fault without a place', { detail: [{ msg: 'wrong' }] }, 'wrong'],
    ['nowhere', '', 'an empty body'],
    ['nowhere, in null', null, 'an empty body'],
    ['nowhere, in no body', undefined, 'an empty body'],
  ])('are found %s', (_, body, words) => {
    expect(serverMessage(body)).toBe(words)
  })

  test('tell of three faults and count the others', () => {
    const detail = ['a', 'b', 'c', 'd', 'e'].map(issue)
    expect(serverMessage({ detail })).toMatch(/^a: .+; b: .+; c: .+; and 2 more$/)
  })

  test.each([
    ['<!DOCTYPE html><html><head><title>502 Bad\n Gateway</title>', 'an HTML page titled "502 Bad Gateway"'],
    ['  <html><body>nginx</body></html>', 'an HTML or XML document'],
    ['<html><title lang="en"> 503 </title>', 'an HTML page titled "503"'],
    ['<html><title> </title>', 'an HTML or XML document'],
    [`<html><title>${'x'.repeat(200)}</title>`, `an HTML page titled "${'x'.repeat(100)}…"`],
    ['<!-- busy --><html><title>Busy</title>', 'an HTML page titled "Busy"'],
    ['<?xml version="1.0"?><Error/>', 'an HTML or XML document'],
    ['< no tag', '< no tag'],
    ['no page but <b>', 'no page but <b>'],
  ])('name a page as such, not paste it: %j', (html, words) => {
    expect(serverMessage(html)).toBe(words)
  })

  test('are bounded', () => {
    expect(serverMessage({ detail: 'x'.repeat(5_000_000) })).toHaveLength(301)
  })
})

describe('one line', () => {
  test.each([
    ['line breaks', 'a\r\n b\u2028c\u2029d', 'a b c d'],
    ['control characters', 'a\u0000\u001b[31mb\u007f', 'a [31mb'],
    ['characters that turn the reading direction', 'a\u202eb\u2066c', 'a b c'],
    ['lone surrogates', 'a\ud800b', 'a b'],
    ['blanks around it', '  a  ', 'a'],
  ])('has no %s', (_, text, line) => {
    expect(oneLine(text)).toBe(line)
  })

  test.each([
    ['abcdef', 'abc…'],
    ['abc', 'abc'],
    [`a${' '.repeat(100)}b`, 'a…'],
    [`a${' '.repeat(11)}`, 'a'],
  ])('says when it was cut, and only then: %j', (text, line) => {
    expect(oneLine(text, 3)).toBe(line)
  })

  test('keeps emoji', () => {
    expect(oneLine('👍🏽')).toBe('👍🏽')
  })
})

describe('issues', () => {
  test('have path, message and type', () => {
    const detail = [{ type: 'missing', loc: ['body', 'documents', 3], msg: 'Field required', input: null }]
    expect(readIssues({ detail })).toEqual([
      { path: 'body.documents.3', message: 'Field required', type: 'missing' },
    ])
  })

  test('leave out of their path what is no name, and have no type where it is none', () => {
    expect(readIssues({ detail: [{ type: 5, loc: ['body', {}, null, 0], msg: 'm' }] })).toEqual([
      { path: 'body.0', message: 'm', type: '' },
    ])
  })

  test.each([
    [undefined],
    ['text'],
    [{}],
    [{ detail: 'text' }],
    [{ detail: [null, 1, 'x', {}, { msg: 1 }] }],
  ])('are none in %j', (body) => {
    expect(readIssues(body)).toEqual([])
  })
})

describe('a success carries an error', () => {
  test.each([
    [true, { error: 'no' }],
    [true, { error: { code: 1 }, results: [] }],
    [true, { object: 'error' }],
    [true, { detail: 'no' }],
    [true, { message: 'no' }],
    [false, { message: 'ranked', results: [] }],
    [false, { object: 'error', results: [] }],
    [false, { object: 'list' }],
    [false, { detail: '', message: null }],
  ])('%s: %j', (expected, body) => {
    expect(isWrappedError(body)).toBe(expected)
  })
})

test('a page is known by its first 10,000 characters', () => {
  expect(pageWords(`${' '.repeat(9998)}<a`)).toBe('an HTML or XML document')
  expect(pageWords(`${' '.repeat(9999)}<a`)).toBeUndefined()
})
