import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { installProject } from './helpers/installed-project.ts'
import type { InstalledProject } from './helpers/installed-project.ts'

let project: InstalledProject
beforeAll(async () => {
  project = await installProject()
})
afterAll(() => project.remove())

test('the packed package ranks from ESM, offline, without a key', async () => {
  await project.write(
    'rank.js',
    `import { createRerankClient, spec } from 'nebius-rerank'
     import { createLocalReranker } from 'nebius-rerank/local'
     const client = createRerankClient({ fetch: createLocalReranker() })
     const { results } = await client.rerank({ query: 'capital of France', documents: ['Belgrade', 'Paris, France'] })
     console.log(results[0].document.text, spec.version)`,
  )
  expect(await project.run('rank.js')).toMatch(/^Paris, France \d{8}-[0-9a-f]+\n$/)
})

test.each([[[]], [['--exactOptionalPropertyTypes', '--noUncheckedIndexedAccess']]])(
  'its types compile in a strict project with skipLibCheck off %j',
  async (options) => {
    await project.write(
      'typed.ts',
      `import { createRerankClient, isRerankError, spec } from 'nebius-rerank'
       import type { ClientOptions, RerankRequest, RerankResponse } from 'nebius-rerank'
       import { createLocalReranker, serveLocalReranker } from 'nebius-rerank/local'
       const options: ClientOptions = { fetch: createLocalReranker(), apiKey: 'key' }
       const documents: readonly string[] = ['a']
       const request: RerankRequest = { query: 'q', documents }
       export const answer: Promise<RerankResponse> = createRerankClient(options).rerank(request)
       export const version: string = spec.version
       export const url: Promise<string> = serveLocalReranker({ port: 0 }).then((server) => server.url)
       answer.catch((error: unknown) => {
         if (isRerankError(error, 'rate_limit')) console.log(error.retryAfterMs?.toFixed(), error.rateLimit?.tokens)
       })`,
    )
    await project.compile(['typed.ts'], ['--noEmit', ...options])
  },
)

test('it holds what its users need and nothing else', async () => {
  const dir = join(project.dir, 'node_modules/nebius-rerank')
  const files = await readdir(dir, { recursive: true })
  expect(files.filter((file) => !file.includes('dist')).sort()).toEqual([
    'CHANGELOG.md',
    'LICENSE',
    'README.md',
    'THIRD-PARTY-NOTICES.md',
    'openapi.json',
    'package.json',
  ])
})

test('it has one dependency', async () => {
  const text = await readFile(join(project.dir, 'node_modules/nebius-rerank/package.json'), 'utf8')
  expect(Object.keys((JSON.parse(text) as { dependencies: object }).dependencies)).toEqual(['openapi-fetch'])
})
