import { readdir, readFile, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import manifest from '../../../package.json' with { type: 'json' }
import { installProject } from '../../helpers/installed-project.ts'
import type { InstalledProject } from '../../helpers/installed-project.ts'
import { asCommonJs } from './common-js.ts'
import { compile } from './compile.ts'
import compilers from '../package.json' with { type: 'json' }

const modules = join(import.meta.dirname, '../node_modules')
const consumers = await readdir(join(import.meta.dirname, 'consumers'))

/** A compiler that finds what is wrong here has looked at the rest as well. */
const WRONG = "import { spec } from 'nebius-rerank'\nexport const version: number = spec.version"
const INEXACT = 'export const inexact: { option?: string } = { option: undefined }'
const WRONG_DECLARATION = 'declare const wrong: Undeclared'

let project: InstalledProject
beforeAll(async () => {
  project = await installProject()
  await symlink(join(modules, '@types'), join(project.dir, 'node_modules/@types'))
  await project.write('wrong.d.ts', WRONG_DECLARATION)
  await writeAsBoth('wrong.ts', WRONG)
  await writeAsBoth('inexact.ts', INEXACT)
  await project.write('fetches.mts', await readFile(join(import.meta.dirname, 'fetches.ts'), 'utf8'))
  for (const name of ['cross-fetch', 'node-fetch2', 'node-fetch3', 'undici']) {
    await symlink(join(modules, name), join(project.dir, 'node_modules', name))
  }
  for (const name of consumers) {
    await writeAsBoth(name, await readFile(join(import.meta.dirname, 'consumers', name), 'utf8'))
  }
})
afterAll(() => project.remove())

/** A file as an ES module and as CommonJS. */
async function writeAsBoth(name: string, text: string): Promise<void> {
  const [esm = '', cjs = ''] = inBothFormats(name)
  await project.write(esm, text)
  await project.write(cjs, asCommonJs(text))
}

function inBothFormats(name: string): string[] {
  return [name.replace(/ts$/, 'mts'), name.replace(/ts$/, 'cts')]
}

const BROWSER = '--target es2020 --lib es2020,dom,dom.iterable,dom.asynciterable --typeRoots none'
const NODE = '--target es2022 --lib es2023 --types node'
/**
 * How a compiler finds declarations, and where the code is to run: in a browser, which knows no Node, or on Node, which
 * knows no DOM. With `preserve`, a bundler tells `import` and `require` apart.
 */
const PROJECTS: [name: string, flags: string, isExact: boolean][] = [
  ['node16, for Node, with exactOptionalPropertyTypes', `--module node16 ${NODE}`, true],
  ['nodenext, for a browser of ES2020', `--module nodenext ${BROWSER}`, false],
  [
    'bundler, for a browser of ES2020, with exactOptionalPropertyTypes',
    `--module preserve --moduleResolution bundler ${BROWSER}`,
    true,
  ],
]

const STRICT = '--noEmit --strict --skipLibCheck false --skipDefaultLibCheck'

const entries = Object.entries(manifest.exports).flatMap(([path, target]) =>
  typeof target === 'string' ? [] : [{ path, target }],
)

test('every entry has a consumer', () => {
  const names = entries.map(({ path }) => (path === '.' ? 'client.ts' : `${path.slice(2)}.ts`))
  expect([...consumers].sort()).toEqual(names.sort())
})

const versions = Object.keys(compilers.devDependencies).filter((name) => name.startsWith('typescript-'))

describe.each(versions)('%s', (version) => {
  test.concurrent.each([true, false])(
    'the fetch of others, with exactOptionalPropertyTypes %s',
    async (isExact) => {
      // Their own declarations are not all as strict.
      const flags = `--noEmit --strict --skipLibCheck --module nodenext ${NODE} --exactOptionalPropertyTypes ${String(isExact)}`
      const { errors } = await compile(
        join(modules, version, 'bin/tsc'),
        [...flags.split(' '), 'fetches.mts'],
        project.dir,
      )
      expect(errors).toEqual([])
    },
  )

  test.concurrent.each(PROJECTS)('ESM and CommonJS by %s', async (_, options, isExact) => {
    const flags = [STRICT, options, `--exactOptionalPropertyTypes ${String(isExact)}`]
    const files = [...consumers, 'wrong.ts', 'inexact.ts'].flatMap(inBothFormats)
    const args = [...flags.join(' ').split(' '), ...files, 'wrong.d.ts']
    const { errors, resolved } = await compile(join(modules, version, 'bin/tsc'), args, project.dir)

    expect(errors.filter((error) => !/^(?:wrong|inexact)\./.test(error))).toEqual([])
    const wrong = ['wrong.ts', ...(isExact ? ['inexact.ts'] : [])].flatMap(inBothFormats)
    expect(errors.map((error) => error.replace(/\(.*/, '')).sort()).toEqual([...wrong, 'wrong.d.ts'].sort())
    expect(resolved).toEqual(
      entries
        .flatMap(({ path, target }) => [
          `mts ${path} ${target.import.types}`,
          `cts ${path} ${target.require.types}`,
        ])
        .sort(),
    )
  })
})
