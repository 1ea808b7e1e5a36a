import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import manifest from '../package.json' with { type: 'json' }
import { createLocalReranker } from '../src/local/index.ts'
import type { LocalReranker } from '../src/local/index.ts'
import { installProject } from './helpers/installed-project.ts'
import type { InstalledProject } from './helpers/installed-project.ts'

let project: InstalledProject
let dir: string
let files: string[]
beforeAll(async () => {
  project = await installProject()
  dir = join(project.dir, 'node_modules/nebius-rerank')
  files = (await readdir(dir, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(dir.length + 1))
})
afterAll(() => project.remove())

const ENTRIES = Object.keys(manifest.exports)
  .filter((path) => !path.endsWith('.json'))
  .map((path) => `nebius-rerank${path.slice(1)}`)

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

test('it ranks from CommonJS as well', async () => {
  await project.write(
    'rank.cjs',
    `const { createRerankClient } = require('nebius-rerank')
     const { createLocalReranker } = require('nebius-rerank/local')
     const client = createRerankClient({ fetch: createLocalReranker() })
     client
       .rerank({ query: 'capital of France', documents: ['Belgrade', 'Paris, France'] })
       .then(({ results }) => console.log(results[0].document.text))`,
  )
  expect(await project.run('rank.cjs')).toBe('Paris, France\n')
})

test('each entry gives the same names to import and to require', async () => {
  await project.write(
    'names.js',
    `import { createRequire } from 'node:module'
     const require = createRequire(import.meta.url)
     const names = (module) => Object.keys(module).filter((name) => name !== 'module.exports').sort()
     const all = ${JSON.stringify(ENTRIES)}.map(async (entry) => [names(require(entry)), names(await import(entry))])
     console.log(JSON.stringify(await Promise.all(all)))`,
  )
  const all = JSON.parse(await project.run('names.js')) as [string[], string[]][]
  expect(all.map(([required]) => required)).toEqual(all.map(([, imported]) => imported))
  expect(all.map(([required]) => required.length).filter((count) => count > 0)).toHaveLength(ENTRIES.length)
})

test('errors are known across the two formats, and by class within each', async () => {
  await project.write(
    'formats.js',
    `import { createRequire } from 'node:module'
     import * as esm from 'nebius-rerank'
     import { createLocalReranker } from 'nebius-rerank/local'
     import * as esmAdapter from 'nebius-rerank/ai-sdk'
     const require = createRequire(import.meta.url)
     const cjs = require('nebius-rerank')
     const cjsAdapter = require('nebius-rerank/ai-sdk')
     const documents = { type: 'text', values: ['a'] }
     const failure = ({ createNebiusReranker }) =>
       createNebiusReranker({ fetch: createLocalReranker() })('none')
         .doRerank({ query: 'q', documents })
         .catch((error) => error)
     const [ofEsm, ofCjs] = await Promise.all([failure(esmAdapter), failure(cjsAdapter)])
     console.log(cjs.isRerankError(ofEsm, 'not_found'), esm.isRerankError(ofCjs, 'not_found'))
     console.log(ofEsm instanceof esm.NotFoundError, ofCjs instanceof cjs.NotFoundError)`,
  )
  expect(await project.run('formats.js')).toBe('true true\ntrue true\n')
})

test('a call over node:http loads neither Node’s own fetch nor what else it does without', async () => {
  await project.write(
    'direct.js',
    // An import of node:http would load fetch, from Node 22 on.
    `const { createServer } = process.getBuiltinModule('node:http')
     import { createRerankClient } from 'nebius-rerank'
     import { createNodeFetch } from 'nebius-rerank/node'
     const answer = { id: 'i', model: 'm', usage: { prompt_tokens: 1, total_tokens: 1 },
       results: [{ index: 0, relevance_score: 1, document: { text: 'a' } }] }
     const server = createServer((request, response) => {
       const isGood = request.headers['x-good'] === '1'
       request.resume().on('end', () => response.writeHead(isGood ? 200 : 400).end(JSON.stringify(answer)))
     })
     await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
     const options = { apiKey: 'key', baseUrl: 'http://127.0.0.1:' + server.address().port, fetch: createNodeFetch() }
     const client = createRerankClient(options)
     const { results } = await client.rerank({ query: 'q', documents: ['a'] }, { headers: { 'x-good': '1' } })
     const status = await client.rerank({ query: 'q', documents: ['a'] }).catch((error) => error.status)
     const spared = /undici|process\\/report|blocklist|timers\\/promises|internal\\/tls|zlib|perf_hooks/
     console.log(results.length, status, process.moduleLoadList.filter((name) => spared.test(name)))
     server.close()`,
  )
  expect(await project.run('direct.js')).toBe('1 400 []\n')
})

test('its endpoint refuses requests in the words of the sources, though its checks are compiled ahead', async () => {
  const bodies = [
    null,
    {},
    { query: 5, documents: ['a', 6], model: 'm' },
    { query: 'q', documents: 'a', service_tier: 'x' },
  ]
  await project.write(
    'refusals.js',
    `import { createLocalReranker } from 'nebius-rerank/local'
     const answers = ${JSON.stringify(bodies)}.map((body) => (${refusal.toString()})(createLocalReranker(), body))
     console.log(JSON.stringify(await Promise.all(answers)))`,
  )
  const ofSources = await Promise.all(bodies.map((body) => refusal(createLocalReranker(), body)))
  expect(ofSources.every((answer) => answer.includes('"loc"'))).toBe(true)
  expect(JSON.parse(await project.run('refusals.js'))).toEqual(ofSources)
})

// The examples of the pages compile in a project that is less strict.
test('its types compile in the strictest project with skipLibCheck off', async () => {
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
  const strictest = ['--noEmit', '--exactOptionalPropertyTypes', '--noUncheckedIndexedAccess']
  await project.compile(['typed.ts'], strictest)
})

describe('the files', () => {
  const text = (file: string): Promise<string> => readFile(join(dir, file), 'utf8')

  test('are what users need and nothing else', () => {
    expect(files.filter((file) => !file.startsWith('dist/')).sort()).toEqual([
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'THIRD-PARTY-NOTICES.md',
      'docs/SKILL.md',
      'docs/llms.txt',
      'openapi.json',
      'package.json',
    ])
  })

  test('tell nothing of how they were built', () => {
    expect(files.filter((file) => /(?:^|\/)\./.test(file))).toEqual([])
  })

  test('are there for every entry, in both formats, with declarations', () => {
    const named = JSON.stringify(manifest.exports).match(/(?<=")\.\/[^"]+\.\w+(?=")/g) ?? []
    const modules = named.filter((path) => path.startsWith('./dist/')).map((path) => path.slice(2))
    expect(modules.length).toBe(4 * ENTRIES.length)
    expect(modules.filter((path) => !files.includes(path))).toEqual([])
  })

  test('use nothing that Node alone has, but for the endpoint and the command', async () => {
    const portable = files.filter((file) =>
      /^dist\/(?:index|bulk\/|eval\/|middleware\/|otel\/|adapters\/).*\.c?js$/.test(file),
    )
    const users: string[] = []
    for (const file of portable) {
      const imports = [
        ...(await text(file)).matchAll(/(?:\bfrom|\bimport|\brequire)\b\s*\(?\s*["']([^"']+)/g),
      ]
      const foreign = imports.filter(
        ([, from]) =>
          from !== 'openapi-fetch' && !/^\.\.\/(?:(?:bulk|middleware)\/)?index\.c?js$/.test(from ?? ''),
      )
      users.push(...foreign.map(([statement]) => `${file}: ${statement}`))
    }
    expect(portable.length).toBeGreaterThan(10)
    expect(users).toEqual([])
  })

  test('name no source map', async () => {
    const texts = await Promise.all(files.filter((name) => /\.(?:c?js|c?ts)$/.test(name)).map(text))
    expect(texts.length).toBeGreaterThan(10)
    expect(texts.filter((code) => code.includes('sourceMappingURL'))).toEqual([])
  })

  test('evaluate no code, which workers and strict pages forbid', async () => {
    const modules = files.filter((file) => /\.c?js$/.test(file))
    const texts = await Promise.all(modules.map(text))
    expect(modules.filter((_, index) => /\bnew Function\b|(?<!\.)\beval\(/.test(texts[index] ?? ''))).toEqual(
      [],
    )
  })
})

// Of these, 95 kB are what the command reads CSV, other encodings and zstd with, and 29 kB are the sample collection.
test('it takes at most 1 MiB when installed', async () => {
  const sizes = await Promise.all(files.map(async (file) => (await stat(join(dir, file))).size))
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(2 ** 20)
})

test('it has one dependency', () => {
  expect(Object.keys(manifest.dependencies)).toEqual(['openapi-fetch'])
})

async function refusal(endpoint: LocalReranker, body: unknown): Promise<string> {
  const headers = { authorization: 'Bearer key', 'content-type': 'application/json' }
  const init = { method: 'POST', headers, body: JSON.stringify(body) }
  return (await endpoint('http://local/v1/rerank?ai_project_id=1', init)).text()
}
