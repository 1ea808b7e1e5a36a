// The package that is released: packed once, tried, and published as it is.

import { execFile, type ExecFileException } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Invocation } from '../spec/cli/invocation.ts'
import { PipelineError, quoted } from '../spec/lib/failure.ts'
import { isObject, valueAt } from '../spec/lib/json.ts'
import { setOutputs, setting } from './runner.ts'

/** The folder below the runner's temporary one that holds the packed file, and nothing else. */
const FOLDER = 'package'

const TRIAL = `
import { createRerankClient, spec } from 'nebius-rerank'
import { createLocalReranker } from 'nebius-rerank/local'
const client = createRerankClient({ fetch: createLocalReranker() })
const { results } = await client.rerank({ query: 'capital of France', documents: ['Belgrade', 'Paris, France'] })
console.log(results[0].document.text, spec.version)
`

/**
 * Packs what was built and tested, ranks with it, and gives its digest as the output `integrity`.
 *
 * @throws PipelineError if npm would refuse it: its provenance names the repository, and package.json must as well.
 */
export async function pack(invocation: Invocation): Promise<number> {
  const { env, root, print } = invocation
  await requireRepository(invocation)
  const folder = join(setting(env, 'RUNNER_TEMP'), FOLDER)
  await mkdir(folder, { recursive: true })
  await run(invocation, root, 'npm', 'pack', '--ignore-scripts', '--pack-destination', folder)
  const file = await packedFile(env)
  await rankWith(invocation, file)
  await setOutputs(env, { integrity: await integrityOf(file) })
  print(`packed ${file}`)
  return 0
}

/**
 * Publishes the packed file, unless its version is there already, and tags the version. npm signs in and attests the
 * provenance by the runner's identity.
 *
 * @throws PipelineError if the file is not the one that was tested.
 */
export async function publish(invocation: Invocation): Promise<number> {
  const { env, root, print } = invocation
  const file = await packedFile(env)
  if ((await integrityOf(file)) !== setting(env, 'PACKAGE_INTEGRITY'))
    throw new PipelineError(`${file} is not the package that was tested`)
  const { name, version } = await manifestOf(root)
  if (await isPublished(invocation, `${name}@${version}`)) print(`${name} ${version} is published already`)
  else print(await run(invocation, root, 'npm', 'publish', file, '--ignore-scripts', '--access', 'public'))
  // Its words make the action push the tag and write the release.
  print(await run(invocation, root, 'npx', 'changeset', 'tag'))
  return 0
}

async function requireRepository({ env, root }: Invocation): Promise<void> {
  const address = `${setting(env, 'GITHUB_SERVER_URL')}/${setting(env, 'GITHUB_REPOSITORY')}`
  const { repository } = await manifestOf(root)
  if (repository.replace(/^git\+/, '').replace(/\.git$/, '') === address) return
  const found = repository === '' ? 'has none' : `has ${quoted(repository)}`
  throw new PipelineError(
    `npm publishes with provenance only if package.json's repository.url is git+${address}.git; it ${found}`,
  )
}

async function packedFile(env: Invocation['env']): Promise<string> {
  const folder = join(setting(env, 'RUNNER_TEMP'), FOLDER)
  const [file, ...others] = await readdir(folder)
  if (file === undefined || others.length > 0)
    throw new PipelineError(`${folder} holds ${others.length === 0 ? 'nothing' : 'more than one file'}`)
  return join(folder, file)
}

async function integrityOf(file: string): Promise<string> {
  return `sha512-${createHash('sha512')
    .update(await readFile(file))
    .digest('base64')}`
}

/** Installs the file in a project of its own, with the dependencies that are here, and ranks. */
async function rankWith(invocation: Invocation, file: string): Promise<void> {
  const { env, root } = invocation
  const { dependencies } = await manifestOf(root)
  const project = await mkdtemp(join(setting(env, 'RUNNER_TEMP'), 'trial-'))
  const modules = join(project, 'node_modules')
  try {
    await run(invocation, project, 'tar', '-xzf', file)
    await mkdir(modules)
    await rename(join(project, 'package'), join(modules, 'nebius-rerank'))
    for (const name of dependencies) {
      await mkdir(dirname(join(modules, name)), { recursive: true })
      await symlink(join(root, 'node_modules', name), join(modules, name))
    }
    await writeFile(join(project, 'trial.mjs'), TRIAL)
    const printed = await run(invocation, project, process.execPath, 'trial.mjs')
    if (!printed.startsWith('Paris, France ')) throw new PipelineError('the packed package ranks wrongly')
  } finally {
    await rm(project, { recursive: true, force: true })
  }
}

interface Manifest {
  readonly name: string
  readonly version: string
  /** The address of the repository; empty where there is none. */
  readonly repository: string
  readonly dependencies: readonly string[]
}

async function manifestOf(root: string): Promise<Manifest> {
  const manifest: unknown = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))
  const dependencies = valueAt(manifest, 'dependencies')
  const url = valueAt(manifest, 'repository', 'url')
  return {
    name: String(valueAt(manifest, 'name')),
    version: String(valueAt(manifest, 'version')),
    repository: typeof url === 'string' ? url : '',
    dependencies: isObject(dependencies) ? Object.keys(dependencies) : [],
  }
}

async function isPublished(invocation: Invocation, release: string): Promise<boolean> {
  try {
    // Of a version that is not there, npm says nothing; of a package that is not there, that it is not found.
    return (await run(invocation, invocation.root, 'npm', 'view', release, 'version')) !== ''
  } catch (error) {
    if (error instanceof PipelineError && error.message.includes('E404')) return false
    throw error
  }
}

function run({ env }: Invocation, cwd: string, program: string, ...args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(program, args, { cwd, env: { ...env } }, (error: ExecFileException | null, stdout, stderr) => {
      if (error === null) resolve(stdout.trim())
      else reject(new PipelineError(`${program} ${args[0] ?? ''} failed: ${stderr.trim()}`, { cause: error }))
    })
  })
}
