// What a bundle grows by, minified and gzipped. Lower a limit when there is room; raise one only with a reason.
// What is installed has its limit in test/package.test.ts.
import { readdirSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import type { BuildOptions } from 'esbuild'

const CLIENT = '18.85 kB'
const CALLS_ALONE = '18.3 kB'
const ADAPTER = '2 kB'
const EVAL = '5.6 kB'
const NODE = '5.6 kB'
const REDIS = '3 kB'
const BULLMQ = '3 kB'
const OTEL = '1.9 kB'
const MIDDLEWARE = '1.5 kB'
const MIDDLEWARES = ['breaker', 'cache', 'fallbackTo', 'instruction', 'longDocuments']

const OURS = ['*/index.js']
const BUNDLES: readonly (readonly [
  name: string,
  file: string,
  limit: string,
  ignored?: readonly string[],
])[] = [
  ['nebius-rerank, with openapi-fetch', 'index', CLIENT],
  ['nebius-rerank/eval, on top of it', 'eval/index', EVAL, OURS],
  ['nebius-rerank/node', 'node/index', NODE, ['node:*']],
  ['nebius-rerank/redis, on top of it', 'redis/index', REDIS, OURS],
  ['nebius-rerank/bullmq, on top of it', 'bullmq/index', BULLMQ, OURS],
  ['nebius-rerank/otel, on top of it', 'otel/index', OTEL, OURS],
  ...readdirSync('src/adapters')
    .filter((file) => file.endsWith('.ts'))
    .map((file) => file.replace('.ts', ''))
    .map((name) => [`nebius-rerank/${name}, on top of it`, `adapters/${name}`, ADAPTER, OURS] as const),
]

const over: string[] = []
for (const [name, file, limit, ignored = []] of BUNDLES) {
  report(name, limit, await bundled({ entryPoints: [`dist/${file}.js`] }, ignored))
}
const calls = await bundled(asModule("export { createRerankClient } from './dist/index.js'"))
report('createRerankClient of it alone, with openapi-fetch', CALLS_ALONE, calls)
// With the client, since a middleware is nothing without it.
const client = "export * from './dist/index.js'\n"
const ofClient = await bundled(asModule(client))
for (const name of MIDDLEWARES) {
  const both = await bundled(asModule(`${client}export { ${name} } from './dist/middleware/index.js'`))
  report(`${name} of nebius-rerank/middleware, on top of it`, MIDDLEWARE, both - ofClient)
}

if (over.length > 0) {
  // At the end, where nothing that is within its limit hides them.
  console.log(over.join('\n'))
  console.log('Make it smaller, or raise its limit in scripts/check/size.ts and say why in the commit.')
  process.exitCode = 1
}

function report(name: string, limit: string, bytes: number): void {
  const size = `${name}: ${(bytes / 1000).toFixed(2)} kB of ${limit}`
  if (bytes > Number.parseFloat(limit) * 1000) over.push(`✗ ${size}`)
  else console.log(`✓ ${size}`)
}

function asModule(contents: string): BuildOptions {
  return { stdin: { contents, resolveDir: '.' } }
}

async function bundled(entry: BuildOptions, external: readonly string[] = []): Promise<number> {
  const all = {
    ...entry,
    bundle: true,
    minify: true,
    format: 'esm',
    external: [...external],
    write: false,
  } as const
  const { outputFiles } = await build({ ...all, external: [...external] })
  return gzipSync(outputFiles[0]?.contents ?? '', { level: 9 }).length
}
