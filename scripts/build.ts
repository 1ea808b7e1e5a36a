// npm run build: src → dist. It calls tsdown by its API and not by its command, which on Node 20 warns at each run.
import { build } from 'tsdown'
import type { InlineConfig } from 'tsdown'

const shared = {
  config: false,
  tsconfig: 'tsconfig.build.json',
  format: 'esm',
  target: 'es2022',
  platform: 'neutral',
  dts: true,
  fixedExtension: false,
  deps: { neverBundle: [/^node:/], onlyBundle: [] },
  checks: { pluginTimings: false },
  logLevel: 'warn',
  failOnWarn: true,
} satisfies InlineConfig

await build({ ...shared, entry: { index: 'src/index.ts' }, sourcemap: true })

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
