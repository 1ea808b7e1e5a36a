import { expect, it } from 'vitest'
import { annotation } from '../../../../scripts/pipeline/shared/annotation.ts'

it('an annotation is one line, whatever it says', () => {
  expect(annotation('error', 'a\n::add-mask::b 100%\u202E')).toBe('::error::a%0A::add-mask::b 100%25\\u202e')
})
