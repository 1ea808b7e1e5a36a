// The packed file, between the job that packs and the one that publishes. It asks for nothing but Node: nothing is
// installed where npm is signed in to.

import { execFile, type ExecFileException } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PipelineError } from '../spec/lib/failure.ts'
import { setting, type Env } from './runner.ts'

/** The folder below the runner's temporary one that holds the packed file, and nothing else. */
export const PACKAGE = 'package'

export async function packedFile(env: Env): Promise<string> {
  const folder = join(setting(env, 'RUNNER_TEMP'), PACKAGE)
  const [file, ...others] = await readdir(folder)
  if (file === undefined || others.length > 0)
    throw new PipelineError(`${folder} holds ${others.length === 0 ? 'nothing' : 'more than one file'}`)
  return join(folder, file)
}

export async function integrityOf(file: string): Promise<string> {
  return `sha512-${createHash('sha512')
    .update(await readFile(file))
    .digest('base64')}`
}

/** Runs a program, and resolves with its output. */
export function runProgram(
  env: Env,
  cwd: string,
  program: string,
  ...args: readonly string[]
): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(program, args, { cwd, env: { ...env } }, (error: ExecFileException | null, stdout, stderr) => {
      if (error === null) resolve(stdout.trim())
      else reject(new PipelineError(`${program} ${args[0] ?? ''} failed: ${stderr.trim()}`, { cause: error }))
    })
  })
}
