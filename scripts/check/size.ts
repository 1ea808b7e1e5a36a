// What a bundle grows by, minified and gzipped. Lower a limit when there is room; raise one only with a reason.
// What is installed has its limit in test/package.test.ts.
import { readdirSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'

const CLIENT = '15.4 kB'
const ADAPTER = '2 kB'
const EVAL = '5.6 kB'
const NODE = '5.6 kB'
const REDIS = '3.3 kB'
const BULLMQ = '3 kB'

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
  ...readdirSync('src/adapters')
    .filter((file) => file.endsWith('.ts'))
    .map((file) => file.replace('.ts', ''))
    .map((name) => [`nebius-rerank/${name}, on top of it`, `adapters/${name}`, ADAPTER, OURS] as const),
]

for (const [name, file, limit, ignored = []] of BUNDLES) {
  const bytes = await bundled(`dist/${file}.js`, ignored)
  const isOver = bytes > Number.parseFloat(limit) * 1000
  console.log(`${isOver ? '✗' : '✓'} ${name}: ${(bytes / 1000).toFixed(2)} kB of ${limit}`)
  if (isOver) process.exitCode = 1
}

async function bundled(path: string, external: readonly string[]): Promise<number> {
  const { outputFiles } = await build({
    entryPoints: [path],
    bundle: true,
    minify: true,
    write: false,
    external: [...external],
  })
  return gzipSync(outputFiles[0]?.contents ?? '', { level: 9 }).length
}
