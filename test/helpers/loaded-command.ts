import { AsyncLocalStorage } from 'node:async_hooks'
import { EventEmitter } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { PassThrough } from 'node:stream'
import { runCommand } from '../../src/cli/run.ts'
import { outcomeOf } from './command.ts'
import type { Command, Running } from './command.ts'
import { shellOf } from './shell.ts'

/**
 * The sources' command, run in this process. The folder and the signals of a process are of all that runs in it: its
 * own folder becomes the project until that is removed, and a signal is told to those alone who have listened to it in
 * the run that it is sent to.
 */
export async function loadCommand(): Promise<Command> {
  const before = process.cwd()
  const dir = await mkdtemp(join(tmpdir(), 'nebius-rerank-command-'))
  process.chdir(dir)
  process.on('newListener', noteListener)

  return {
    dir,
    async write(name, text) {
      await mkdir(dirname(join(dir, name)), { recursive: true })
      await writeFile(join(dir, name), text)
    },
    start,
    run: (args, { input, env } = {}) => outcomeOf(start(args, env), input),
    runInTerminal(columns, args, env) {
      const screen = Object.assign(new PassThrough(), { isTTY: true, columns })
      const keyboard = Object.assign(new PassThrough(), { isTTY: true })
      const nothing = new PassThrough().end()
      const running = { stdin: keyboard, stdout: screen, stderr: nothing }
      return outcomeOf(
        start(args, { TERM: 'xterm-256color', ...env }, running, { ...running, stderr: screen }),
      )
    },
    async remove() {
      process.off('newListener', noteListener)
      process.chdir(before)
      await rm(dir, { recursive: true, force: true })
    },
  }
}

type Streams = Record<'stdin' | 'stdout' | 'stderr', PassThrough>
type Signal = 'SIGINT' | 'SIGTERM'

const SIGNALS: readonly Signal[] = ['SIGINT', 'SIGTERM']

/** Who listens to the process, of the run that is under way. */
const listening = new AsyncLocalStorage<Set<unknown>>()

function noteListener(_: string | symbol, listener: unknown): void {
  listening.getStore()?.add(listener)
}

/** `inner` are the command's ends of the streams, where they are others than those that a test holds. */
function start(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  streams: Streams = { stdin: new PassThrough(), stdout: new PassThrough(), stderr: new PassThrough() },
  inner = streams,
): Running {
  const own = new Set<unknown>()
  const listenersTo = (signal: Signal): NodeJS.SignalsListener[] =>
    process.listeners(signal).filter((listener) => own.has(listener))
  const running = Object.assign(new EventEmitter(), streams, {
    exitCode: null as number | null,
    kill(signal: Signal = 'SIGTERM') {
      const heard = listenersTo(signal)
      for (const listener of heard) listener(signal)
      return heard.length > 0
    },
  })
  const end = (code: number): void => {
    running.exitCode = code
    for (const signal of SIGNALS) for (const listener of listenersTo(signal)) process.off(signal, listener)
    for (const stream of [streams.stdout, streams.stderr]) stream.end()
    running.emit('exit', code, null)
    setImmediate(() => running.emit('close', code, null))
  }
  void listening.run(own, () => runCommand(shellOf({ args, env, ...inner }))).then(end)
  return running
}
