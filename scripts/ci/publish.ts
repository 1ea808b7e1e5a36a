import type { Invocation } from '../spec/cli/invocation.ts'
import { annotation } from '../spec/lib/annotation.ts'
import { PipelineError } from '../spec/lib/failure.ts'
import { readManifest } from './manifest.ts'
import { integrityOf, packedFile, runProgram } from './packed.ts'
import { setOutputs, setting } from './runner.ts'

const FLAGS = ['--ignore-scripts', '--access', 'public', '--provenance']

/**
 * Publishes the packed file, unless its version is published already. Stages the file where npm can, so that a person
 * approves it. npm signs in by the runner's identity, which it accepts from the second version on. The first version
 * waits for a person, and a notice says so. The output `published` says whether the version may be tagged.
 *
 * @throws PipelineError if the file is not the one that was tested.
 */
export async function publish({ env, root, print }: Invocation): Promise<number> {
  const file = await packedFile(env)
  if ((await integrityOf(file)) !== setting(env, 'PACKAGE_INTEGRITY'))
    throw new PipelineError(`${file} is not the package that was tested`)
  const { name, version } = await readManifest(root)
  const npm = (...args: string[]): Promise<string> => runProgram(env, root, 'npm', ...args)
  const versions = await published(npm, name)
  if (versions === undefined) {
    const how = `npm publish ${file.split('/').pop() ?? ''} --access public`
    print(annotation('notice', `${name} is not on npm yet: download the artifact "package", and run ${how}`))
  } else if (versions.includes(version)) print(`${name} ${version} is published already`)
  else print(await npm(...((await canStage(npm)) ? ['stage'] : []), 'publish', file, ...FLAGS))
  await setOutputs(env, { published: String(versions !== undefined) })
  return 0
}

/** The versions on npm; undefined if npm has no such package. */
async function published(
  npm: (...args: string[]) => Promise<string>,
  name: string,
): Promise<readonly string[] | undefined> {
  try {
    const versions: unknown = JSON.parse(await npm('view', name, 'versions', '--json'))
    return (Array.isArray(versions) ? versions : [versions]).map(String)
  } catch (error) {
    if (error instanceof PipelineError && error.message.includes('E404')) return undefined
    throw error
  }
}

async function canStage(npm: (...args: string[]) => Promise<string>): Promise<boolean> {
  return npm('stage', '--help').then(
    () => true,
    () => false,
  )
}
