import { expect, it } from 'vitest'
import { annotation } from '../../../scripts/spec/lib/annotation.ts'

it('an annotation is one line, whatever it says', () => {
  expect(annotation('error', 'a\n::add-mask::b 100%\u202E')).toBe('::error::a%0A::add-mask::b 100%25\\u202e')
})

it('an annotation’s properties have values that end nothing', () => {
  expect(annotation('warning', 'm', { file: 'a:b,c%', title: 'x\r\ny' })).toBe(
    '::warning file=a%3Ab%2Cc%25,title=x\\u000d%0Ay::m',
  )
})

it('an annotation may have no properties', () => {
  expect(annotation('notice', 'a:b,c')).toBe('::notice::a:b,c')
})
