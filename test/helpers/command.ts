import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { installProject } from './installed-project.ts'

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

/** The packed package's command, installed in an empty project. */
export interface InstalledCommand {
  /** The project's folder, where it runs. */
  dir: string
  write: (name: string, text: string) => Promise<void>
  start(args: readonly string[], env?: Readonly<Record<string, string>>): ChildProcess
  run(args: readonly string[], options?: RunOptions): Promise<Run>
  /** Runs it in a pseudo-terminal of so many columns, and resolves with what is seen there and its exit code. */
  runInTerminal(
    columns: number,
    args: readonly string[],
    env?: Readonly<Record<string, string>>,
  ): Promise<Run>
  remove: () => Promise<void>
}

/** Whether `kill -9` ends what is started. */
export const CAN_BE_KILLED = true

/** Packs and installs what `npm run build` built. */
export async function installCommand(): Promise<InstalledCommand> {
  const project = await installProject()
  const { dir } = project
  const file = join(dir, 'node_modules/nebius-rerank/dist/cli/index.js')
  const start: InstalledCommand['start'] = (args, env = {}) =>
    spawn(process.execPath, [file, ...args], { cwd: dir, env: environment(env), stdio: 'pipe' })

  return {
    dir,
    write: (name, text) => project.write(name, text),
    start,
    run: (args, { input = '', env } = {}) => outcomeOf(start(args, env), input),
    async runInTerminal(columns, args, env = {}) {
      const line = [process.execPath, file, ...args]
        .map((word) => `'${word.replaceAll("'", `'\\''`)}'`)
        .join(' ')
      const command = `stty cols ${columns} rows 40; exec ${line}`
      const child = spawn('script', ['--quiet', '--return', '--command', command, '/dev/null'], {
        cwd: dir,
        env: environment({ TERM: 'xterm-256color', SHELL: '/bin/sh', ...env }),
      })
      const run = await outcomeOf(child, '')
      return { ...run, stdout: run.stdout.replaceAll('\r\n', '\n') }
    },
    remove: () => project.remove(),
  }
}

function environment(env: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  return { PATH: process.env['PATH'], ...env }
}

/** What becomes of a process. */
export async function outcomeOf(child: ChildProcess, input = ''): Promise<Run> {
  // A command may end before it has read everything.
  child.stdin?.on('error', () => undefined).end(input)
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject).on('close', resolve)
  })
  const [code, stdout, stderr] = await Promise.all([
    ended,
    child.stdout ? text(child.stdout) : '',
    child.stderr ? text(child.stderr) : '',
  ])
  return { code, stdout, stderr }
}
