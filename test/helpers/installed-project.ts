import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)
const root = fileURLToPath(new URL('../..', import.meta.url))

/** What `npm ls --omit=dev --all` lists beneath the package. */
const DEPENDENCIES = ['openapi-fetch', 'openapi-typescript-helpers']

/** An empty project into which the packed package is installed; nothing is fetched for it. */
export interface InstalledProject {
  dir: string
  /** Writes a file of the project. */
  write(name: string, text: string): Promise<void>
  /** Compiles with tsc in the strictest mode, declarations of dependencies included; rejects with its messages. */
  compile(files: readonly string[], options?: readonly string[]): Promise<void>
  /** Runs a file with Node and resolves with what it printed. */
  run(name: string, env?: Readonly<Record<string, string>>): Promise<string>
  remove(): Promise<void>
}

/** Packs what `npm run build` built, as `npm publish` would, and installs it. */
export async function installProject(): Promise<InstalledProject> {
  const dir = await mkdtemp(join(tmpdir(), 'nebius-rerank-project-'))
  const modules = join(dir, 'node_modules')
  await mkdir(modules)
  const packed = await run('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', dir], {
    cwd: root,
  })
  const [{ filename }] = JSON.parse(packed.stdout) as [{ filename: string }]
  await run('tar', ['-xzf', filename], { cwd: dir })
  await rename(join(dir, 'package'), join(modules, 'nebius-rerank'))
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
    async compile(files, options = []) {
      const tsc = join(root, 'node_modules/typescript/bin/tsc')
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
