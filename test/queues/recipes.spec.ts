import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8')

test.each(readdirSync(new URL('recipes', import.meta.url)))(
  'docs/job-engines.md shows %s as it is run or compiled',
  (name) => {
    expect(read('../../docs/job-engines.md')).toContain('```typescript\n' + read(`recipes/${name}`) + '```')
  },
)
