import { mkdir, symlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { installProject } from '../helpers/installed-project.ts'
import type { InstalledProject } from '../helpers/installed-project.ts'
import manifest from './package.json' with { type: 'json' }

/** A project with the packed package and the frameworks, `ai` being its version 7. */
export async function installProjectWithFrameworks(): Promise<InstalledProject> {
  const project = await installProject()
  const links = Object.keys(manifest.devDependencies).map((name) => [name, name] as const)
  for (const [name, target] of [...links, ['ai', 'ai7'] as const]) {
    const link = join(project.dir, 'node_modules', name)
    await mkdir(dirname(link), { recursive: true })
    await symlink(join(import.meta.dirname, 'node_modules', target), link)
  }
  return project
}
