// npm run build: src → dist. It calls tsdown by its API and not by its command, which on Node 20 warns at each run.
import { cp } from 'node:fs/promises'
import { build } from 'tsdown'
import type { InlineConfig } from 'tsdown'

const shared = {
  config: false,
  tsconfig: 'tsconfig.build.json',
  format: 'esm',
  target: 'es2022',
  platform: 'neutral',
  dts: { sourcemap: false },
  fixedExtension: false,
  deps: { neverBundle: [/^node:/], onlyBundle: [] },
  checks: { pluginTimings: false },
  logLevel: 'warn',
  failOnWarn: true,
} satisfies InlineConfig

await build({ ...shared, entry: { index: 'src/index.ts' }, sourcemap: true })

// `bulk` and the adapters import the built index and hold no copy of it, so that all of the package share its classes.
await build({
  ...shared,
  clean: false,
  entry: { 'bulk/index': 'src/bulk/index.ts', 'adapters/*': 'src/adapters/*.ts' },
  plugins: [
    {
      name: 'built-index',
      resolveId: (id) => (id === '../index.ts' ? { id: '../index.js', external: 'relative' } : undefined),
    },
  ],
  sourcemap: true,
})

// The embedded endpoint holds what it needs, so that the package keeps its one dependency: minified, without a
// source map, and with the licences in THIRD-PARTY-NOTICES.md.
await build({
  ...shared,
  clean: false,
  entry: { 'local/index': 'src/local/index.ts' },
  deps: {
    ...shared.deps,
    onlyBundle: ['ajv', 'fast-deep-equal', 'fast-uri', 'json-schema-traverse', 'minisearch'],
  },
  inputOptions: { resolve: { mainFields: ['module', 'main'] } },
  minify: true,
})

// The command stands on the built package as the adapters do, and reads its page's files from beside it.
await build({
  ...shared,
  clean: false,
  dts: false,
  entry: { 'cli/index': 'src/cli/index.ts' },
  plugins: [
    {
      name: 'built-package',
      resolveId: (id) => {
        const part = /^\.\.\/((?:local\/|bulk\/)?index)\.ts$/.exec(id)?.[1]
        return part === undefined ? undefined : { id: `../${part}.js`, external: 'relative' }
      },
    },
  ],
})
await cp('src/cli/page', 'dist/cli/page', { recursive: true, filter: (path) => !path.endsWith('.json') })
