import { spawn } from 'node:child_process'
import type { ChildProcessWithoutNullStreams } from 'node:child_process'
import type { EventEmitter } from 'node:events'
import { join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { installProject } from './installed-project.ts'

/**
 * The command in an empty project. Most tests load its sources into their own process (`loaded-command.ts`); those of
 * what only a process has install the package.
 */
export interface Command {
  /** The project's folder, where it runs. */
  dir: string
  write: (name: string, text: string) => Promise<void>
  start: (args: readonly string[], env?: Readonly<Record<string, string>>) => Running
  run: (args: readonly string[], options?: RunOptions) => Promise<Run>
  /** Runs it in a terminal of so many columns, and resolves with what is seen there and its exit code. */
  runInTerminal: (
    columns: number,
    args: readonly string[],
    env?: Readonly<Record<string, string>>,
  ) => Promise<Run>
  remove: () => Promise<void>
}

/** A command that has been started; `exit` and `close` tell of its end, as of that of a process. */
export interface Running extends EventEmitter {
  readonly stdin: Writable
  readonly stdout: Readable
  readonly stderr: Readable
  readonly exitCode: number | null
  /** By default with SIGTERM. */
  kill: (signal?: 'SIGINT' | 'SIGTERM') => boolean
}

/** What became of a command. */
export interface Run {
  code: number | null
  stdout: string
  stderr: string
}

/** How a command is run. */
export interface RunOptions {
  /** What comes by standard input; it is closed at once where there is none. */
  input?: string
  env?: Readonly<Record<string, string>>
}

/** The packed package's command, which runs in processes of its own. */
export interface InstalledCommand extends Command {
  /** What Node runs. */
  file: string
  start: (args: readonly string[], env?: Readonly<Record<string, string>>) => ChildProcessWithoutNullStreams
  /** Runs a line of bash in a folder, where `nebius` stands for it. */
  runInShell: (line: string, cwd: string) => Promise<Run>
}

/** Packs and installs what `npm run build` built. */
export async function installCommand(): Promise<InstalledCommand> {
  const project = await installProject()
  const { dir } = project
  const file = join(dir, 'node_modules/nebius-rerank/dist/cli/index.js')
  const start: InstalledCommand['start'] = (args, env = {}) =>
    spawn(process.execPath, [file, ...args], { cwd: dir, env: environment(env) })

  return {
    dir,
    file,
    write: (name, text) => project.write(name, text),
    start,
    run: (args, { input, env } = {}) => outcomeOf(start(args, env), input),
    async runInTerminal(columns, args, env = {}) {
      const command = `stty cols ${columns} rows 40; exec ${[process.execPath, file, ...args].map(quoted).join(' ')}`
      const child = spawn('script', ['--quiet', '--return', '--command', command, '/dev/null'], {
        cwd: dir,
        env: environment({ TERM: 'xterm-256color', SHELL: '/bin/sh', ...env }),
      })
      const run = await outcomeOf(child)
      return { ...run, stdout: run.stdout.replaceAll('\r\n', '\n') }
    },
    runInShell(line, cwd) {
      const script = `nebius() { ${quoted(process.execPath)} ${quoted(file)} "$@"; }; ${line}`
      return outcomeOf(spawn('bash', ['--norc', '-c', script], { cwd, env: environment() }))
    },
    remove: () => project.remove(),
  }
}

function environment(env: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  return { PATH: process.env['PATH'], ...env }
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`
}

/** What becomes of a command that has been started. */
export async function outcomeOf(running: Running, input = ''): Promise<Run> {
  // A command may end before it has read everything.
  running.stdin.on('error', () => undefined).end(input)
  const ended = new Promise<number | null>((resolve, reject) => {
    running.on('error', reject).on('close', resolve)
  })
  const [code, stdout, stderr] = await Promise.all([ended, text(running.stdout), text(running.stderr)])
  return { code, stdout, stderr }
}
