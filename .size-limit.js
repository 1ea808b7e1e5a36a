// What a bundle grows by, minified and gzipped. Lower a limit when there is room; raise one only with a reason.
// What is installed has its limit in test/package.test.ts.
import { readdirSync } from 'node:fs'

const CLIENT = '15.2 kB'
const ADAPTER = '2 kB'
const MIDDLEWARE = '1.5 kB'
const MIDDLEWARES = ['breaker', 'cache', 'fallbackTo', 'instruction', 'longDocuments']
const EVAL = '5.6 kB'
const ADAPTERS = readdirSync('src/adapters')
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.replace('.ts', ''))

const gzipped = { brotli: false, gzip: true }

export default [
  { name: 'nebius-rerank, with openapi-fetch', path: 'dist/index.js', limit: CLIENT, ...gzipped },
  {
    name: 'nebius-rerank/eval, on top of it',
    path: 'dist/eval/index.js',
    limit: EVAL,
    ignore: ['*/index.js'],
    ...gzipped,
  },
  { name: 'nebius-rerank/node', path: 'dist/node/index.js', limit: '5.6 kB', ignore: ['node:*'], ...gzipped },
  ...MIDDLEWARES.map((name) => ({
    name: `${name} of nebius-rerank/middleware, on top of it`,
    path: 'dist/middleware/index.js',
    import: `{ ${name} }`,
    limit: MIDDLEWARE,
    ignore: ['*/index.js'],
    ...gzipped,
  })),
  ...ADAPTERS.map((name) => ({
    name: `nebius-rerank/${name}, on top of it`,
    path: `dist/adapters/${name}.js`,
    limit: ADAPTER,
    ignore: ['*/index.js'],
    ...gzipped,
  })),
]
