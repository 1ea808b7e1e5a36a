import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Invocation } from '../spec/cli/invocation.ts'
import { valueAt } from '../spec/lib/json.ts'
import { readManifest, releaseNotes } from './manifest.ts'
import { callGitHub, setting, uploadToGitHub } from './runner.ts'

const SBOM = 'sbom.cdx.json'

/** Tags the version and creates its release, with the section of the changelog and the bill of materials. */
export async function announce({ env, root, print }: Invocation): Promise<number> {
  const { version } = await readManifest(root)
  const body = releaseNotes(await readFile(join(root, 'CHANGELOG.md'), 'utf8'), version)
  const tag = { tag_name: `v${version}`, target_commitish: setting(env, 'GITHUB_SHA') }
  const release = await callGitHub(env, 'POST', '/releases', { ...tag, name: `v${version}`, body })
  const [address = ''] = String(valueAt(release, 'upload_url')).split('{')
  const bill = await readFile(join(setting(env, 'RUNNER_TEMP'), SBOM), 'utf8')
  await uploadToGitHub(env, `${address}?name=${SBOM}`, bill)
  print(`released v${version}`)
  return 0
}
