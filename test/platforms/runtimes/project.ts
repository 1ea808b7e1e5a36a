import { execFile } from 'node:child_process'
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)
const root = fileURLToPath(new URL('../../..', import.meta.url))

/** A project in which npm itself has installed the packed package, with the programs beside it. */
export interface SmokeProject {
  dir: string
  /** The names and versions of all that is installed. */
  list: () => Promise<string[]>
  remove: () => Promise<void>
}

/** Packs what `npm run build` built, and lets npm install it as a user would. */
export async function installSmokeProject(): Promise<SmokeProject> {
  const dir = await mkdtemp(join(tmpdir(), 'nebius-rerank-runtimes-'))
  await run('npm', ['pack', '--ignore-scripts', '--pack-destination', dir], { cwd: root })
  await writeFile(
    join(dir, 'package.json'),
    JSON.stringify({ name: 'project', type: 'module', private: true }),
  )
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline']
  await run('sh', ['-c', `npm install ${quiet.join(' ')} ./nebius-rerank-*.tgz`], { cwd: dir })
  await cp(join(import.meta.dirname, 'programs'), dir, { recursive: true })
  return {
    dir,
    async list() {
      const { stdout } = await run('npm', ['ls', '--omit=dev', '--all', '--json'], { cwd: dir })
      return namesIn(JSON.parse(stdout) as Tree)
    },
    remove: () => rm(dir, { recursive: true, force: true }),
  }
}

interface Tree {
  /** Missing where it is not installed, as an optional peer. */
  version?: string
  dependencies?: Record<string, Tree>
}

function namesIn({ dependencies = {} }: Tree): string[] {
  return Object.entries(dependencies)
    .filter(([, { version }]) => version !== undefined)
    .flatMap(([name, tree]) => [name, ...namesIn(tree)])
}
