import { expect, test } from 'vitest'
import { fromFragment, isLink, toFragment } from '../../../../src/cli/serve/page/share.ts'

test('a link gives back the state that it holds', async () => {
  const state = {
    query: 'é',
    documents: 'a\nb',
    kind: 'text',
    part: 'line',
    compare: 'nothing',
    a: '',
    b: '',
  }
  const fragment = (await toFragment(state)) ?? ''
  expect(isLink(fragment)).toBe(true)
  expect(await fromFragment(fragment)).toEqual(state)
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
