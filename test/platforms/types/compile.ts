import { execFile } from 'node:child_process'

/** What a compiler tells. */
export interface Compiled {
  /** The errors, a line each. */
  errors: string[]
  /** What each entry was taken for in each format, such as `cts ./bulk ./dist/bulk/index.d.cts`; sorted. */
  resolved: string[]
}

/** Compiles, and has the compiler tell how it finds the package's declarations. */
export function compile(tsc: string, args: readonly string[], cwd: string): Promise<Compiled> {
  const options = { cwd, maxBuffer: 16 * 1024 * 1024 }
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [tsc, '--traceResolution', ...args], options, (error, stdout, stderr) => {
      const errors = stdout.split('\n').filter((line) => /\berror TS\d+: /.test(line))
      if (error && errors.length === 0) reject(new Error(stderr || error.message))
      else resolve({ errors, resolved: resolutionsIn(stdout) })
    })
  })
}

const RESOLUTION =
  /Resolving module 'nebius-rerank([^']*)' from '[^']+\.([cm]ts)'\. =+\n(?:[^=].*\n)*=+ Module name '[^']+' was successfully resolved to '[^']+\/nebius-rerank\/(dist\/[^']+)'/g

function resolutionsIn(trace: string): string[] {
  const found = [...trace.matchAll(RESOLUTION)].map(
    ([, path = '', format = '', file = '']) => `${format} .${path} ./${file}`,
  )
  return [...new Set(found)].sort()
}
