import type { ChildProcess } from 'node:child_process'
import { EventEmitter } from 'node:events'
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { PassThrough } from 'node:stream'
import { runCommand } from '../../src/cli/command.ts'
import type { Shell } from '../../src/cli/shell.ts'
import type { InstalledCommand } from '../helpers/command.ts'

// Stands for test/helpers/command.ts: there, the packed command is run in processes of its own, where no mutant is.

export type { InstalledCommand } from '../helpers/command.ts'

export const CAN_BE_KILLED = false

/** The sources' command, run in this process, in an empty project. */
export async function installCommand(): Promise<InstalledCommand> {
  const before = process.cwd()
  const dir = await mkdtemp(join(tmpdir(), 'nebius-rerank-command-'))
  const installed = join(dir, 'node_modules/nebius-rerank')
  await mkdir(installed, { recursive: true })
  await cp('package.json', join(installed, 'package.json'))
  await writeFile(join(dir, 'package.json'), '{"name":"project","private":true}')
  process.chdir(dir)

  return {
    dir,
    async write(name, text) {
      await mkdir(dirname(join(dir, name)), { recursive: true })
      await writeFile(join(dir, name), text)
    },
    start: (args, env) => start(args, env),
    run: (args, { input = '', env } = {}) => outcomeOf(start(args, env), input),
    async runInTerminal(columns, args, env) {
      const screen = Object.assign(new PassThrough(), { isTTY: true, columns })
      const stdin = Object.assign(new PassThrough(), { isTTY: true })
      const child = start(args, { TERM: 'xterm-256color', ...env }, { stdin, stdout: screen, stderr: screen })
      const { code, stdout } = await outcomeOf(child)
      return { code, stdout, stderr: '' }
    },
    async remove() {
      process.chdir(before)
      await rm(dir, { recursive: true, force: true })
    },
  }
}

/** What becomes of a command. */
export async function outcomeOf(child: ChildProcess, input = ''): ReturnType<InstalledCommand['run']> {
  const said = { stdout: '', stderr: '' }
  child.stdout?.on('data', (chunk: Buffer) => (said.stdout += chunk.toString()))
  if (child.stderr !== child.stdout)
    child.stderr?.on('data', (chunk: Buffer) => (said.stderr += chunk.toString()))
  child.stdin?.end(input)
  await new Promise((resolve) => child.once('close', resolve))
  return { code: child.exitCode, ...said }
}

type Streams = Record<'stdin' | 'stdout' | 'stderr', PassThrough>

const SIGNALS = ['SIGINT', 'SIGTERM'] as const

function start(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  streams: Streams = { stdin: new PassThrough(), stdout: new PassThrough(), stderr: new PassThrough() },
): ChildProcess {
  const foreign = new Set(SIGNALS.flatMap((signal) => process.listeners(signal)))
  const child = Object.assign(new EventEmitter(), streams, {
    exitCode: null as number | null,
    kill(signal: (typeof SIGNALS)[number] | 'SIGKILL'): boolean {
      // The first ends a server when all is answered, the second at once.
      if (signal === 'SIGKILL') return child.kill('SIGINT') && child.kill('SIGINT')
      for (const listener of process.listeners(signal)) if (!foreign.has(listener)) listener(signal)
      return true
    },
  })
  const end = (code: number): void => {
    if (child.exitCode !== null) return
    child.exitCode = code
    for (const signal of SIGNALS) {
      for (const listener of process.listeners(signal)) {
        if (!foreign.has(listener)) process.off(signal, listener)
      }
    }
    streams.stdout.end()
    streams.stderr.end()
    child.emit('exit', code)
    setImmediate(() => child.emit('close', code))
  }
  // A reader that leaves ends the command, as src/cli/index.ts has it.
  streams.stdout.once('close', () => end(0)).on('error', () => undefined)
  void runCommand({ args, env, ...(streams as unknown as Pick<Shell, keyof Streams>) }).then(end)
  return child as unknown as ChildProcess
}
