import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build, version } from 'esbuild'

export { version }

/** Bytes of a module with all that it imports, minified and gzipped. @param {URL} module */
export async function bundledBytes(module) {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(module)],
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    platform: 'node',
    logLevel: 'error',
  })
  return gzipSync(outputFiles[0].contents, { level: 9 }).length
}
