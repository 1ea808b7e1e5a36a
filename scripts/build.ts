// npm run build: src → dist. It calls tsdown by its API and not by its command, which on Node 20 warns at each run.
import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, relative, resolve } from 'node:path'
import { build } from 'tsdown'
import type { InlineConfig } from 'tsdown'
import { BUNDLED } from './build/bundled.ts'
import { compiledAhead } from './build/compiled-ahead.ts'
import { digestOfSources, stampBuilt } from './build/stamp.ts'

const CLIENT = { index: 'src/index.ts' }
const ADAPTERS = ['ai-sdk', 'genkit', 'langchain', 'llamaindex', 'mastra']
const ON_CLIENT = {
  'bulk/index': 'src/bulk/index.ts',
  'eval/index': 'src/eval/index.ts',
  'middleware/index': 'src/middleware/index.ts',
  'node/index': 'src/node/index.ts',
  'otel/index': 'src/otel/index.ts',
  'redis/index': 'src/redis/index.ts',
  'bullmq/index': 'src/bullmq/index.ts',
  ...Object.fromEntries(ADAPTERS.map((name) => [`adapters/${name}`, `src/adapters/${name}.ts`])),
}
/** Each is built by itself, or they would be split to share their helpers. */
const ALONE = Object.entries({ ...CLIENT, ...ON_CLIENT }).map(([name, path]) => ({ [name]: path }))
const ENDPOINT = { 'local/index': 'src/local/index.ts' }
const COMMAND = { 'cli/index': 'src/cli/index.ts' }
/** Entries that others stand on: they share the built ones, and not a copy each. */
const SHARED_ENTRIES = ['', 'bulk/', 'eval/', 'local/', 'middleware/', 'node/', 'redis/', 'bullmq/'].map(
  (folder) => `${folder}index.ts`,
)
const PAGE = { 'cli/page/main': 'src/cli/serve/page/main.ts' }

const shared = {
  config: false,
  clean: false,
  tsconfig: 'src/tsconfig.build.json',
  target: 'es2022',
  platform: 'neutral',
  dts: false,
  fixedExtension: false,
  deps: { neverBundle: [/^node:/], onlyBundle: [] },
  // Declarations hold the TSDoc.
  outputOptions: { comments: { annotation: true, jsdoc: false, legal: false } },
  checks: { pluginTimings: false },
  logLevel: 'warn',
  failOnWarn: true,
} satisfies InlineConfig

const esm = { ...shared, format: 'esm', plugins: [standingOnBuilt('js')] } satisfies InlineConfig
const cjs = {
  ...shared,
  format: 'cjs',
  plugins: [standingOnBuilt('cjs'), transpiledDefault('openapi-fetch')],
} satisfies InlineConfig

const sources = await digestOfSources('.')
await rm('dist', { recursive: true, force: true })
await Promise.all([buildModules(), buildCommonJs(), buildEndpoint().then(buildCommand), declare()])
await stampBuilt('.', sources)

/** No source maps: the modules keep the names and lines of the sources, and maps would be a third of the package. */
async function buildModules(): Promise<void> {
  for (const entry of ALONE) await build({ ...esm, entry })
}

/**
 * The code without blanks, but with its names. Each by itself, or one would export the
 * helpers of the others.
 */
async function buildCommonJs(): Promise<void> {
  const minify = { compress: true, mangle: false } as const
  for (const entry of ALONE) await build({ ...cjs, entry, minify })
}

/**
 * The embedded endpoint holds what it needs, so that the package keeps its one dependency. It is minified, with the
 * licences in THIRD-PARTY-NOTICES.md, and there once, as CommonJS, to which its ES module leads. A first build,
 * with Ajv, shows what there is to compile.
 */
async function buildEndpoint(): Promise<string[]> {
  const require = createRequire(import.meta.url)
  const endpoint = { ...cjs, entry: ENDPOINT, inputOptions: { resolve: { mainFields: ['module', 'main'] } } }
  await build({ ...endpoint, deps: { neverBundle: [/^node:/, /^ajv/], onlyBundle: [] } })
  const built = require('../dist/local/index.cjs') as { createLocalReranker: () => void }
  await build({
    ...endpoint,
    deps: { ...shared.deps, onlyBundle: [...BUNDLED.endpoint] },
    plugins: [compiledAhead(built.createLocalReranker)],
    minify: true,
  })
  const names = Object.keys(built)
  await writeFile('dist/local/index.js', `export { ${names.join(', ')} } from './index.cjs'\n`)
  return names
}

/**
 * The command stands on the built package as the adapters do, and reads its files from beside it. It holds
 * the code that reads files of all kinds, so that the package keeps its one dependency. What few files need is in
 * chunks that are loaded with them.
 */
async function buildCommand(ofEndpoint: readonly string[]): Promise<void> {
  await build({
    ...esm,
    entry: COMMAND,
    platform: 'node',
    outputOptions: { ...shared.outputOptions, chunkFileNames: 'cli/[name].js' },
    deps: { ...shared.deps, onlyBundle: [...BUNDLED.command] },
    plugins: [requiredEndpoint(ofEndpoint), standingOnBuilt('js'), withoutEastAsianTables()],
    minify: true,
  })
  await build({ ...shared, format: 'esm', entry: PAGE, minify: true })
  await cp('src/cli/eval/sample.jsonl', 'dist/cli/sample.jsonl')
  await cp('src/cli/serve/page', 'dist/cli/page', {
    recursive: true,
    filter: (path) => !/\.(?:ts|json)$/.test(path),
  })
}

/** TypeScript tells the two formats apart by their extension alone. */
async function declare(): Promise<void> {
  await build({
    ...esm,
    entry: { ...CLIENT, ...ON_CLIENT, ...ENDPOINT },
    dts: { emitDtsOnly: true },
  })
  const files = await readdir('dist', { recursive: true })
  for (const file of files.filter((name) => name.endsWith('.d.ts'))) {
    const text = await readFile(`dist/${file}`, 'utf8')
    await writeFile(
      `dist/${file.replace(/ts$/, 'cts')}`,
      text.replace(/"\.\.\/(bulk\/)?index\.js"/g, '"../$1index.cjs"'),
    )
  }
}

/** Entries that stand on others import them as they are built, so that all of the package share its classes. */
function standingOnBuilt(extension: 'js' | 'cjs') {
  return {
    name: 'standing-on-built',
    resolveId(id: string, importer?: string) {
      if (importer === undefined || !id.startsWith('.')) return undefined
      const file = resolve(dirname(importer), id)
      const entry = /^(?:(.+)\/)?index\.ts$/.exec(relative('src', file))
      if (!entry || !SHARED_ENTRIES.includes(relative('src', file))) return undefined
      // A module within the entry's own folder is part of it.
      if (entry[1] !== undefined && !relative(dirname(file), importer).startsWith('..')) return undefined
      // Every entry but the client's own lies in a folder of its own, one below dist/.
      return { id: `../${relative('src', file).replace(/ts$/, extension)}`, external: true }
    },
  }
}

/**
 * The embedded endpoint, asked for by `require`: to `import` CommonJS, Node first looks for what it exports, which takes
 * the command a third of its start.
 */
function requiredEndpoint(names: readonly string[]) {
  const id = '\0endpoint'
  const code = [
    "import { createRequire } from 'node:module'",
    `export const { ${names.join(', ')} } = createRequire(import.meta.url)('../local/index.cjs')`,
  ]
  return {
    name: 'required-endpoint',
    resolveId: (request: string) => (request.endsWith('/local/index.ts') ? id : undefined),
    load: (request: string) => (request === id ? code.join('\n') : undefined),
  }
}

/**
 * The default export of a CommonJS package that was an ES module: its `exports.default`. For a module in a package of
 * ES modules rolldown reads `require()` as Node's `import` would, as its `module.exports`; for a virtual one it does not.
 */
function transpiledDefault(name: string) {
  const id = `\0${name}`
  return {
    name: 'transpiled-default',
    resolveId: {
      order: 'pre' as const,
      handler: (request: string, importer?: string) => (request === name && importer !== id ? id : undefined),
    },
    load: (request: string) => (request === id ? `export { default } from '${name}'` : undefined),
  }
}

/** Leaves iconv-lite's large tables out: the encodings of East Asia are read by what Node has. */
function withoutEastAsianTables() {
  return {
    name: 'without-east-asian-tables',
    load: (id: string) => (/iconv-lite.encodings.dbcs-\w+\.js$/.test(id) ? 'module.exports = {}' : undefined),
  }
}
