// The packages of others that users get: bundled, or installed beside this one.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { BUNDLED } from '../build/bundled.ts'

export interface Component {
  readonly name: string
  readonly version: string
  /** By SPDX, as its package.json says. */
  readonly licence: string
  /** The text of its licence; empty if it has none. */
  readonly text: string
  readonly isBundled: boolean
}

interface Manifest {
  readonly version: string
  readonly license?: string
  readonly dependencies?: Readonly<Record<string, string>>
}

/** All components by name, including the dependencies of installed packages. */
export function componentsIn(root: string): Component[] {
  const read = (folder: string): Manifest =>
    JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as Manifest
  const component = (name: string, isBundled: boolean): Component => {
    const folder = join('node_modules', name)
    const { version, license = '' } = read(folder)
    const file = readdirSync(join(root, folder)).find((entry) => /^licen[cs]e/i.test(entry))
    const text = file === undefined ? '' : readFileSync(join(root, folder, file), 'utf8')
    return { name, version, licence: license, text, isBundled }
  }
  const installed = new Set<string>()
  const open = Object.keys(read('.').dependencies ?? {})
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (installed.has(name)) continue
    installed.add(name)
    open.push(...Object.keys(read(join('node_modules', name)).dependencies ?? {}))
  }
  const bundled = [...BUNDLED.endpoint, ...BUNDLED.command]
  return [
    ...bundled.map((name) => component(name, true)),
    ...[...installed].map((name) => component(name, false)),
  ].sort((a, b) => (a.name < b.name ? -1 : 1))
}
