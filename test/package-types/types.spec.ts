import { execFile } from 'node:child_process'
import { readdir, readFile, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import manifest from '../../package.json' with { type: 'json' }
import { installProject } from '../helpers/installed-project.ts'
import type { InstalledProject } from '../helpers/installed-project.ts'
import compilers from './package.json' with { type: 'json' }

const modules = join(import.meta.dirname, 'node_modules')
const consumers = await readdir(join(import.meta.dirname, 'consumers'))

let project: InstalledProject
beforeAll(async () => {
  project = await installProject()
  await symlink(join(modules, '@types'), join(project.dir, 'node_modules/@types'))
  for (const name of consumers) {
    const text = await readFile(join(import.meta.dirname, 'consumers', name), 'utf8')
    // The same as an ES module and as CommonJS.
    for (const extension of ['mts', 'cts']) await project.write(name.replace(/ts$/, extension), text)
  }
})
afterAll(() => project.remove())

/** How a compiler finds declarations. With `preserve`, a bundler tells `import` and `require` apart. */
const RESOLUTIONS: [name: string, flags: string][] = [
  ['node16', '--module node16'],
  ['nodenext', '--module nodenext'],
  ['bundler', '--module preserve --moduleResolution bundler'],
]

/** Where the code is to run: on Node, which knows no DOM, or in a browser, which knows no Node. */
const PLACES: [name: string, flags: string][] = [
  [
    'Node, with exactOptionalPropertyTypes',
    '--target es2022 --lib es2023 --types node --exactOptionalPropertyTypes',
  ],
  [
    'a browser of ES2020, without',
    '--target es2020 --lib es2020,dom,dom.iterable,dom.asynciterable --typeRoots none',
  ],
]

const STRICT = '--noEmit --strict --skipLibCheck false --skipDefaultLibCheck'

test('every entry has a consumer', () => {
  const entries = Object.keys(manifest.exports).filter((path) => !path.endsWith('.json'))
  const names = entries.map((path) => (path === '.' ? 'client.ts' : `${path.slice(2)}.ts`))
  expect([...consumers].sort()).toEqual(names.sort())
})

const versions = Object.keys(compilers.devDependencies).filter((name) => name.startsWith('typescript-'))

describe.each(versions)('%s', (version) => {
  describe.each(RESOLUTIONS)('%s', (_, resolution) => {
    test.concurrent.each(PLACES)('for %s', async (_, place) => {
      const files = consumers.flatMap((name) => [name.replace(/ts$/, 'mts'), name.replace(/ts$/, 'cts')])
      const flags = [STRICT, resolution, place].join(' ').split(' ')
      expect(await complaintsOf(join(modules, version, 'bin/tsc'), [...flags, ...files])).toBe('')
    })
  })
})

/** What a compiler says; nothing when all is well. */
function complaintsOf(tsc: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    execFile(process.execPath, [tsc, ...args], { cwd: project.dir }, (error, stdout, stderr) =>
      resolve(error ? stdout + stderr || error.message : stdout),
    )
  })
}
