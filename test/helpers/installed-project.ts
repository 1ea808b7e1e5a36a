import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)
const root = fileURLToPath(new URL('../..', import.meta.url))

/** What `npm ls --omit=dev --all` lists beneath the package. */
const DEPENDENCIES = ['openapi-fetch', 'openapi-typescript-helpers']

type Compiler = 'typescript' | 'typescript-7'

/** An empty project into which the packed package is installed; nothing is fetched for it. */
export interface InstalledProject {
  dir: string
  /** Writes a file of the project. */
  write(name: string, text: string): Promise<void>
  /** Compiles with tsc in the strictest mode, declarations of dependencies included; rejects with its messages. */
  compile(files: readonly string[], options?: readonly string[], compiler?: Compiler): Promise<void>
  /** Runs a file with Node and resolves with what it printed. */
  run(name: string, env?: Readonly<Record<string, string>>): Promise<string>
  remove(): Promise<void>
}

/** Installs what `npm run build` built, packed as `npm publish` would. */
export async function installProject(): Promise<InstalledProject> {
  const dir = await mkdtemp(join(tmpdir(), 'nebius-rerank-project-'))
  const modules = join(dir, 'node_modules')
  await mkdir(modules)
  await cp(await packed(), join(modules, 'nebius-rerank'), { recursive: true })
  for (const name of DEPENDENCIES) await symlink(join(root, 'node_modules', name), join(modules, name))
  await writeFile(
    join(dir, 'package.json'),
    JSON.stringify({ name: 'project', type: 'module', private: true }),
  )

  return {
    dir,
    async write(name, text) {
      await mkdir(dirname(join(dir, name)), { recursive: true })
      await writeFile(join(dir, name), text)
    },
    async compile(files, options = [], compiler = 'typescript') {
      const tsc = join(root, 'node_modules', compiler, 'bin/tsc')
      const strict = [
        '--strict',
        '--skipLibCheck',
        'false',
        '--skipDefaultLibCheck',
        '--module',
        'nodenext',
        '--target',
        'es2022',
      ]
      await run(process.execPath, [tsc, ...strict, ...options, ...files], { cwd: dir }).catch(
        (error: unknown) => {
          throw new Error((error as { stdout: string }).stdout)
        },
      )
    },
    async run(name, env = {}) {
      const options = { cwd: dir, env: { PATH: process.env['PATH'], ...env }, timeout: 20_000 }
      return (await run(process.execPath, [name], options)).stdout
    },
    remove: () => rm(dir, { recursive: true, force: true }),
  }
}

/** What decides what is packed; the build's stamp stands for the sources. */
const PACKED = [
  'dist/.built',
  'package.json',
  'README.md',
  'docs/llms.txt',
  'docs/SKILL.md',
  'CHANGELOG.md',
  'LICENSE',
  'THIRD-PARTY-NOTICES.md',
]
const CACHE = join(root, 'node_modules/.cache/packed')

/** The folder of the packed package. It is packed once, and again when something in it has changed. */
async function packed(): Promise<string> {
  if (!existsSync(join(root, 'dist/.built')))
    throw new Error('there is no dist/: run npm run build, or npm test, which builds it')
  const hash = createHash('sha256')
  for (const path of PACKED) hash.update(await readFile(join(root, path)))
  const folder = join(CACHE, hash.digest('hex'))
  if (existsSync(folder)) return folder
  await mkdir(CACHE, { recursive: true })
  const before = await readdir(CACHE)
  const dir = await mkdtemp(join(CACHE, 'new-'))
  const { stdout } = await run('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', dir], {
    cwd: root,
  })
  const [{ filename }] = JSON.parse(stdout) as [{ filename: string }]
  await run('tar', ['-xzf', filename], { cwd: dir })
  // Another process may have been first.
  await rename(join(dir, 'package'), folder).catch((error: unknown) => {
    if (!existsSync(folder)) throw error
  })
  await rm(dir, { recursive: true })
  for (const old of before.filter((name) => !name.startsWith('new-')))
    await rm(join(CACHE, old), { recursive: true, force: true })
  return folder
}
