import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { quoted } from '../spec/lib/failure.ts'
import { isObject, valueAt } from '../spec/lib/json.ts'
import { setting, type Env } from './runner.ts'

/** The parts of package.json that a release needs. */
export interface Manifest {
  readonly name: string
  readonly version: string
  /** The address of the repository; empty if there is none. */
  readonly repository: string
  readonly dependencies: readonly string[]
}

export async function readManifest(root: string): Promise<Manifest> {
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

/** The reason why npm would reject a package: package.json must name the repository that its provenance names. */
export function repositoryFault(env: Env, { repository }: Manifest): string | undefined {
  const address = `${setting(env, 'GITHUB_SERVER_URL')}/${setting(env, 'GITHUB_REPOSITORY')}`
  if (repository.replace(/^git\+/, '').replace(/\.git$/, '') === address) return undefined
  const found = repository === '' ? 'has none' : `has ${quoted(repository)}`
  return `npm publishes with provenance only if package.json's repository.url is git+${address}.git; it ${found}`
}

/** The section of a changelog about a version; empty if there is none. */
export function releaseNotes(changelog: string, version: string): string {
  const sections = changelog.split(/^## /m).slice(1)
  const section = sections.find((text) => text.startsWith(`${version}\n`)) ?? ''
  return section.slice(version.length).trim()
}
