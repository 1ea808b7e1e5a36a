import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Invocation } from '../spec/cli/invocation.ts'
import { PipelineError } from '../spec/lib/failure.ts'
import { readManifest } from './manifest.ts'
import { integrityOf, PACKAGE, packedFile, runProgram } from './packed.ts'
import { setOutputs, setting } from './runner.ts'
import { sbomOf } from './sbom.ts'

const TRIAL = [
  "import { createRerankClient, spec } from 'nebius-rerank'",
  "import { createLocalReranker } from 'nebius-rerank/local'",
  'const client = createRerankClient({ fetch: createLocalReranker() })',
  "const documents = ['Belgrade', 'Paris, France']",
  "const { results } = await client.rerank({ query: 'capital of France', documents })",
  'console.log(results[0].document.text, spec.version)',
].join('\n')

/**
 * Packs what was built and tested, ranks with it, lists what is in it, and gives its digest as the output `integrity`:
 * the job that publishes takes this very file.
 */
export async function pack(invocation: Invocation): Promise<number> {
  const { env, root, print } = invocation
  const temp = setting(env, 'RUNNER_TEMP')
  const folder = join(temp, PACKAGE)
  await mkdir(folder, { recursive: true })
  await runProgram(env, root, 'npm', 'pack', '--ignore-scripts', '--pack-destination', folder)
  const file = await packedFile(env)
  await rankWith(invocation, file)
  await writeFile(join(temp, 'sbom.cdx.json'), await sbomOf(root))
  await setOutputs(env, { integrity: await integrityOf(file) })
  print(`packed ${file}`)
  return 0
}

/** Installs the file in a new project, with the dependencies of this folder, and ranks. */
async function rankWith({ env, root }: Invocation, file: string): Promise<void> {
  const { dependencies } = await readManifest(root)
  const project = await mkdtemp(join(setting(env, 'RUNNER_TEMP'), 'trial-'))
  const modules = join(project, 'node_modules')
  try {
    await runProgram(env, project, 'tar', '-xzf', file)
    await mkdir(modules)
    await rename(join(project, 'package'), join(modules, 'nebius-rerank'))
    for (const name of dependencies) {
      await mkdir(dirname(join(modules, name)), { recursive: true })
      await symlink(join(root, 'node_modules', name), join(modules, name))
    }
    await writeFile(join(project, 'trial.mjs'), TRIAL)
    const printed = await runProgram(env, project, process.execPath, 'trial.mjs')
    if (!printed.startsWith('Paris, France ')) throw new PipelineError('the packed package ranks wrongly')
  } finally {
    await rm(project, { recursive: true, force: true })
  }
}
