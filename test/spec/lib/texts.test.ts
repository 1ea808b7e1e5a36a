import { describe, expect, it } from 'vitest'
import { codeCell, codeSpan } from '../../../scripts/spec/lib/code-span.ts'
import {
  fileFault,
  messageOf,
  PipelineError,
  printableLine,
  quoted,
} from '../../../scripts/spec/lib/failure.ts'
import { escapeInvisible, invisibleIn, isVisibleLine } from '../../../scripts/spec/lib/invisible.ts'

describe('what can not be seen', () => {
  it.each([
    ['a\u200bb', 'a\\u200bb', ['\u200b']],
    ['\u{e0061}', '\\udb40\\udc61', ['\u{e0061}']],
    ['\u0007\u202e', '\\u0007\\u202e', ['\u0007', '\u202e']],
    ['a\n\tb é 🔎', 'a\n\tb é 🔎', []],
  ])('is escaped, and listed: %j', (text, escaped, invisible) => {
    expect(escapeInvisible(text)).toBe(escaped)
    expect(invisibleIn(text)).toEqual(invisible)
  })

  it.each([
    ['plain é 🔎', true],
    ['two\nlines', false],
    ['a\ttab', false],
    ['a\u200bb', false],
  ])('is on no visible line: %j, %s', (text, expected) => {
    expect(isVisibleLine(text)).toBe(expected)
  })
})

describe('a failure', () => {
  it('has one printable line', () => {
    expect(new PipelineError('a\nb\tc\u001bd')).toMatchObject({
      name: 'PipelineError',
      message: 'a b c\\u001bd',
    })
  })

  it.each([
    [500, 'x'.repeat(500)],
    [501, `${'x'.repeat(500)}…`],
  ])('of %i characters is cut to 500', (length, line) => {
    expect(printableLine('x'.repeat(length))).toBe(line)
  })

  it.each([
    [80, `"${'x'.repeat(80)}"`],
    [81, `"${'x'.repeat(80)}…"`],
  ])('quotes 80 of %i characters', (length, quote) => {
    expect(quoted('x'.repeat(length))).toBe(quote)
  })

  it.each([
    [new TypeError('a\nb'), 'a b'],
    ['text', 'text'],
    [undefined, 'undefined'],
  ])('has the words of whatever was thrown: %j', (thrown, words) => {
    expect(messageOf(thrown)).toBe(words)
  })

  it.each([
    ['EACCES', 'access is denied'],
    ['EISDIR', 'it is a directory'],
    ['ENAMETOOLONG', 'the name is too long'],
    ['ENOENT', 'there is no such file'],
    ['ENOSPC', 'the disk is full'],
    ['ENOTDIR', 'a part of its path is not a directory'],
    ['EROFS', 'the disk is read-only'],
    ['EOTHER', 'as it says'],
    [5, 'as it says'],
  ])('of a file is told by its code %s: %s', (code, words) => {
    expect(fileFault(Object.assign(new Error('as it says'), { code }))).toBe(words)
  })
})

describe('inline code', () => {
  it.each([
    ['plain', '`plain`'],
    ['  two\n lines ', '`two lines`'],
    ['', '` `'],
    [' \t', '` `'],
    ['a`b``', '`a\\u0060b\\u0060\\u0060`'],
    ['a\u200bb', '`a\\u200bb`'],
  ])('of %j', (text, code) => {
    expect(codeSpan(text)).toBe(code)
  })

  it.each([
    ['a|b', '`a\\|b`'],
    ['a\\|b', '`a\\u005c\\|b`'],
    ['a\\\\|\\b|', '`a\\u005c\\u005c\\|\\b\\|`'],
  ])('in a cell of %j', (text, code) => {
    expect(codeCell(text)).toBe(code)
  })
})
