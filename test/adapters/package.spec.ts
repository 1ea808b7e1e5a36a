import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { installProject } from '../helpers/installed-project.ts'
import type { InstalledProject } from '../helpers/installed-project.ts'

const source = join(import.meta.dirname, '../../src/adapters')
const names = readdirSync(source)
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.replace('.ts', ''))

let project: InstalledProject
beforeAll(async () => {
  project = await installProject()
})
afterAll(() => project.remove())

describe.each(names)('%s', (name) => {
  const built = (): string =>
    readFileSync(join(project.dir, `node_modules/nebius-rerank/dist/adapters/${name}.js`), 'utf8')

  test('adds less than 2 kB', () => {
    expect(gzipSync(built()).byteLength).toBeLessThan(2000)
  })

  test('imports the index of the package and nothing else', () => {
    expect([...built().matchAll(/\bfrom "([^"]+)"/g)].map(([, from]) => from)).toEqual(['../index.js'])
  })
})

test('their types need no framework', async () => {
  await project.write(
    'types.ts',
    names.map((name) => `export * as ${name.replace('-', '')} from 'nebius-rerank/${name}'`).join('\n'),
  )
  await project.compile(['types.ts'], ['--noEmit'])
}, 120_000)

test('they throw the errors of the package', async () => {
  await project.write(
    'errors.js',
    `import { isRerankError, NotFoundError } from 'nebius-rerank'
     import { createNebiusReranker } from 'nebius-rerank/ai-sdk'
     import { createLocalReranker } from 'nebius-rerank/local'
     const model = createNebiusReranker({ fetch: createLocalReranker() })('no-such-model')
     const documents = { type: 'text', values: ['a'] }
     const error = await model.doRerank({ query: 'q', documents }).catch((error) => error)
     console.log(error instanceof NotFoundError, isRerankError(error))`,
  )
  expect(await project.run('errors.js')).toBe('true true\n')
})
