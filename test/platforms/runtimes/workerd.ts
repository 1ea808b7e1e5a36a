import { spawn } from 'node:child_process'
import type { Readable } from 'node:stream'
import { join } from 'node:path'
import { build } from 'esbuild'

/** Bundles the worker, serves it, and resolves with what it answers. */
export async function smokeInWorkerd(binary: string, dir: string, endpoint: string): Promise<string> {
  await build({
    absWorkingDir: dir,
    entryPoints: ['worker.js'],
    outfile: 'worker.bundle.js',
    bundle: true,
    format: 'esm',
    conditions: ['workerd', 'worker'],
    logLevel: 'error',
  })
  const server = spawn(binary, ['serve', join(dir, 'workerd.capnp'), '--control-fd=3'], {
    cwd: dir,
    stdio: ['ignore', 'inherit', 'inherit', 'pipe'],
  })
  try {
    const port = await portFrom(server.stdio[3] as Readable)
    const answer = await fetch(`http://127.0.0.1:${port}/?endpoint=${encodeURIComponent(endpoint)}`)
    return await answer.text()
  } finally {
    server.kill('SIGKILL')
  }
}

/** Workerd tells where it listens by its control channel, a JSON a line. */
async function portFrom(control: Readable): Promise<number> {
  for await (const chunk of control) {
    const port = /"event":"listen".*"port":(\d+)/.exec(String(chunk))?.[1]
    if (port !== undefined) return Number(port)
  }
  throw new Error('workerd ended without listening')
}
