import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Invocation } from '../spec/cli/invocation.ts'
import { annotation } from '../spec/lib/annotation.ts'
import { readManifest, repositoryFault } from './manifest.ts'
import { findOnGitHub, setOutputs } from './runner.ts'

/**
 * Says, as the output `action`, what a push to main asks for: `version` where changesets wait, `publish` where a
 * version has no tag yet, and otherwise `none`. Without the repository's address npm would refuse the package, so
 * releases wait for the address. A notice says so, and the step does not fail.
 */
export async function planRelease({ env, root, print }: Invocation): Promise<number> {
  const manifest = await readManifest(root)
  const fault = repositoryFault(env, manifest)
  const changesets = (await readdir(join(root, '.changeset'))).filter((name) =>
    /^(?!README).+\.md$/.test(name),
  )
  const isFirst = manifest.version === '0.0.0'
  const isTagged = isFirst || (await findOnGitHub(env, `/git/ref/tags/v${manifest.version}`)) !== undefined
  const due = changesets.length > 0 ? 'version' : isTagged ? 'none' : 'publish'
  const action = fault === undefined ? due : 'none'
  if (fault !== undefined) print(annotation('notice', `Releases wait: ${fault}`))
  await setOutputs(env, { action })
  print(`release: ${action}`)
  return 0
}
