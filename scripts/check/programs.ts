// Programs of packages, started by Node itself: a shell is another one on each system.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFile, readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'

/** A program and its arguments. */
export type Command = readonly [program: string, ...args: string[]]

/** The exit of a program, and its output if that was kept. */
export interface Ended {
  readonly code: number
  readonly output: string
}

/** The packages of programs that are called otherwise. */
const PACKAGES: Readonly<Record<string, string>> = {
  attw: '@arethetypeswrong/cli',
  changeset: '@changesets/cli',
  stryker: '@stryker-mutator/core',
  // It takes a fifth of the processor's time. `typescript` is the one that tools are built on.
  tsc: 'typescript-7',
}

/** Settings that a program is started with, beside its arguments. */
export interface Surroundings {
  /** Returns the output of the program instead of printing it. @default false */
  readonly kept?: boolean
  /** Environment variables, in addition to those of this process. */
  readonly env?: Readonly<Record<string, string>>
}

/** Runs a program of a package, `npm`, or, as `tsx`, a script of ours. */
export async function run(
  [program, ...args]: Command,
  { kept = false, env }: Surroundings = {},
): Promise<Ended> {
  const [file = '', ...first] = await startOf(program)
  const child = spawn(file, [...first, ...args], {
    stdio: ['ignore', ...(kept ? (['pipe', 'pipe'] as const) : (['inherit', 'inherit'] as const))],
    env: { ...process.env, ...env },
  })
  const chunks: Buffer[] = []
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => chunks.push(chunk))
  const [code] = (await once(child, 'close')) as [number | null]
  return { code: code ?? 1, output: Buffer.concat(chunks).toString() }
}

/** Installs the dependencies of a folder, unless its lock file is unchanged since the last installation. */
export async function install(folder: string): Promise<void> {
  const [lock, stamp] = [join(folder, 'package-lock.json'), join(folder, 'node_modules/.installed')]
  const read = (path: string): Promise<string> => readFile(path, 'utf8').catch(() => '')
  if ((await read(lock)) === (await read(stamp))) return
  const { code } = await run(['npm', 'ci', '--silent', '--no-audit', '--no-fund', '--prefix', folder])
  if (code !== 0) throw new Error(`npm ci failed in ${folder}`)
  await copyFile(lock, stamp)
}

async function startOf(program: string): Promise<string[]> {
  if (program === 'tsx') return [process.execPath, '--import', 'tsx']
  const npm = process.env['npm_execpath']
  if (program === 'npm') return npm?.endsWith('.js') ? [process.execPath, npm] : ['npm']
  const folder = join('node_modules', PACKAGES[program] ?? program)
  const { bin } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as {
    bin: string | Readonly<Record<string, string>>
  }
  const path = typeof bin === 'string' ? bin : bin[program]
  if (path === undefined) throw new Error(`${folder} has no program ${program}`)
  return [process.execPath, resolve(folder, path)]
}
