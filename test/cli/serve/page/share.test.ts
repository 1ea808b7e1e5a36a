import { describe, expect, test } from 'vitest'
import { fromFragment, isLink, toFragment } from '../../../../src/cli/serve/page/share.ts'

const HOSTILE = `it's $(id) \`id\` "$HOME" \\ \u202e\u2028\u009b31m </script> ' ; '`

describe('a link', () => {
  const state = {
    query: HOSTILE,
    documents: 'a\nb',
    kind: 'text',
    part: 'line',
    compare: 'nothing',
    a: '',
    b: '',
  }

  test.each(['é', HOSTILE])('gives back the state that it holds: %j', async (query) => {
    const fragment = (await toFragment({ ...state, query })) ?? ''
    expect(fragment).toMatch(/^#v1=[\w-]+$/)
    expect(isLink(fragment)).toBe(true)
    expect(await fromFragment(fragment)).toEqual({ ...state, query })
  })

  test('holds nothing that is too long', async () => {
    const documents = Array.from({ length: 20_000 }, () => Math.random().toString(36)).join('\n')
    expect(await toFragment({ ...state, documents })).toBeUndefined()
  })

  test.each(['', '#', '#v1=', '#v1=AAAA', '#v1=<b>', '#v2=abc', `#v1=${'a'.repeat(50_000)}`])(
    'of no sense is none: %.20s',
    async (fragment) => {
      expect(await fromFragment(fragment)).toBeUndefined()
    },
  )

  test('that unfolds to too much is none', async () => {
    const fragment = (await toFragment({ ...state, documents: 'a'.repeat(10_000_000) })) ?? ''
    expect(fragment).not.toBe('')
    expect(await fromFragment(fragment)).toBeUndefined()
  })

  test.each([{ query: 5 }, {}, { query: { toString: 'x' } }])('takes texts alone: %j', async (odd) => {
    const fragment = (await toFragment(odd as never)) ?? ''
    expect((await fromFragment(fragment))?.query).toBe('')
  })
})

test.each(['#v1=garbage', '#v1=', '#v1=a%20b', '#v2=abcd'])(
  'a damaged link is one that holds no state: %s',
  async (fragment) => {
    expect(isLink(fragment)).toBe(true)
    expect(await fromFragment(fragment)).toBeUndefined()
  },
)

test.each(['', '#A-refund', '#documents'])('another fragment is no link: %j', (fragment) => {
  expect(isLink(fragment)).toBe(false)
})
