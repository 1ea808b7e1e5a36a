import { describe, expect, it } from 'vitest'
import { fail, optionsIn, say, sourceOf, type Invocation } from '../../../scripts/spec/cli/invocation.ts'
import { LIVE_URL } from '../../../scripts/spec/fetch.ts'

function invocation(
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Invocation & { readonly printed: string[]; readonly complaints: string[] } {
  const printed: string[] = []
  const complaints: string[] = []
  return {
    ...{ args, env, root: '/', printed, complaints },
    print: (line) => printed.push(line),
    complain: (line) => complaints.push(line),
    progress: () => undefined,
  }
}

const OPTIONS = { from: { type: 'string' }, help: { type: 'boolean', short: 'h' } } as const

describe('options', () => {
  it('are read', () => {
    expect({ ...optionsIn(invocation(['--from', 'a', '-h']), OPTIONS) }).toEqual({ from: 'a', help: true })
  })

  it.each([
    ['an unknown one', ['--form'], /^Unknown option '--form'; --help shows the options$/],
    ['a stray word', ['a.b'], /^Unexpected argument 'a\.b'; --help shows the options$/],
    ['a name with a stop', ['--a.b'], /^Unknown option '--a\.b'; --help shows the options$/],
    ['a missing value', ['--from'], /^Option '--from <value>' argument missing; --help shows the options$/],
  ])('are refused in one sentence for %s', (_, args, message) => {
    expect(() => optionsIn(invocation(args), OPTIONS)).toThrow(message)
  })
})

describe('the source', () => {
  it.each([
    ['the one that is named', 'a', { OPENAPI_URL: 'b' }, 'a'],
    ['else the environment’s', undefined, { OPENAPI_URL: 'b' }, 'b'],
    ['the live one where the environment’s is empty', undefined, { OPENAPI_URL: '' }, LIVE_URL],
    ['else the live one', undefined, {}, LIVE_URL],
  ])('is %s', (_, from, env: Record<string, string>, expected) => {
    expect(sourceOf(from, invocation([], env))).toBe(expected)
  })

  it('is not nothing', () => {
    expect(() => sourceOf('', invocation())).toThrow(/^--from needs a URL or a file$/)
  })
})

describe('a command', () => {
  it('says something and succeeds', () => {
    const given = invocation()
    expect(say(given, 'Usage')).toBe(0)
    expect(given).toMatchObject({ printed: ['Usage'], complaints: [] })
  })

  it('says in one line what went wrong', () => {
    const given = invocation()
    expect(fail(given, 'drift', new Error('no'), 2)).toBe(2)
    expect(given).toMatchObject({ printed: [], complaints: ['drift: no'] })
  })
})
