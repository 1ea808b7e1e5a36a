import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { mkdir, symlink } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import manifest from '../package.json' with { type: 'json' }
import { serveLocalReranker } from '../src/local/index.ts'
import type { LocalServer } from '../src/local/index.ts'
import { installProject } from './helpers/installed-project.ts'
import type { InstalledProject } from './helpers/installed-project.ts'
import { loadCommand } from './helpers/loaded-command.ts'
import { EXAMPLES, PAGES } from './helpers/pages.ts'

const root = new URL('../', import.meta.url)
const page = (path: string): string => PAGES.get(path) ?? ''

/** Examples that need no more than the package; those with a mark are run beside their frameworks. */
const examples = EXAMPLES.filter(({ mark }) => mark === '').map((example, index) => {
  const name = `example-${index + 1}`
  return example.language === 'ts'
    ? { ...example, written: `${name}.ts`, run: `${name}.js` }
    : { ...example, written: `${name}.cjs`, run: `${name}.cjs` }
})

/** Packages that examples use beside this one. */
const OTHERS = ['@opentelemetry', '@types/node', 'keyv', 'lru-cache', 'undici-types']

let project: InstalledProject
let server: LocalServer
beforeAll(async () => {
  ;[project, server] = await Promise.all([installProject(), serveLocalReranker({ port: 0 })])
  for (const { written, code } of examples) await project.write(written, code)
  await mkdir(`${project.dir}/node_modules/@types`)
  for (const name of OTHERS) {
    await symlink(fileURLToPath(new URL(`node_modules/${name}`, root)), `${project.dir}/node_modules/${name}`)
  }
  const inTypeScript = examples.filter(({ language }) => language === 'ts')
  // Declarations of others are not ours to check; the package's own are in package.test.ts.
  await project.compile(
    inTypeScript.map(({ written }) => written),
    ['--skipLibCheck', 'true'],
  )
}, 120_000)
afterAll(async () => {
  await Promise.all([project.remove(), server.close()])
})

describe('what a page says an example prints is what it prints', () => {
  // Those that ask the hosted service are sent to the embedded endpoint.
  test.each(examples)('$page: $written', async ({ run, output }) => {
    const env = { NEBIUS_API_KEY: 'not-a-real-key', NEBIUS_BASE_URL: server.url }
    const printed = await project.run(run, env)
    if (output !== undefined) expect(steady(printed)).toBe(steady(output))
  })
})

test.each(['README.md', 'docs/errors.md'])('the table of errors in %s names every class and kind', (path) => {
  const table = [...page(path).matchAll(/^\| `(\w+Error)` +\| `(\w+)` +\|/gm)].map(([, name, kind]) => [
    kind,
    name,
  ])
  const source = readFileSync(new URL('src/errors/classes.ts', root), 'utf8')
  const classes = [...source.matchAll(/^ {2}(\w+): (\w+Error)$/gm)].map(([, kind, name]) => [kind, name])
  expect(classes.length).toBeGreaterThan(5)
  expect(table).toEqual(classes)
})

test('the table of options names every option', () => {
  const source = readFileSync(new URL('src/options/types.ts', root), 'utf8')
  const options = [...source.matchAll(/^ {2}(\w+)\?:/gm)].map(([, name]) => name)
  expect(options.length).toBeGreaterThan(10)
  const absent = options.filter((name) => !page('docs/options.md').includes(`| \`${name}\``))
  expect(absent, 'add a row to the table in docs/options.md').toEqual([])
})

test('every flag that the page of the command names is one that the command explains', async () => {
  const command = await loadCommand()
  const helps = await Promise.all(
    [[], ['serve'], ['bulk'], ['merge'], ['eval'], ['check']].map((part) => command.run([...part, '--help'])),
  )
  await command.remove()
  const explained = helps.map(({ stdout }) => stdout).join('')
  const flags = [...new Set(page('docs/command.md').match(/(?<=[ `])--[a-z-]+/g))]
  expect(flags.length).toBeGreaterThan(20)
  expect(flags.filter((flag) => !explained.includes(flag))).toEqual([])
})

test.each(['llms.txt', 'SKILL.md'])('every name of code in docs/%s is one of the package', (file) => {
  const text = readFileSync(new URL(`docs/${file}`, root), 'utf8')
  const surface = readdirSync(new URL('api', root))
    .map((entry) => readFileSync(new URL(`api/${entry}`, root), 'utf8'))
    .join('\n')
  const calls = [...text.matchAll(/`[^`\n]*?\b([a-z]\w+)\(/g), ...text.matchAll(/`([a-z]\w+)`/g)]
  const names = [...new Set(calls.map(([, name = '']) => name))].filter((name) => !ELSEWHERE.includes(name))
  expect(names.length).toBeGreaterThan(5)
  expect(names.filter((name) => !new RegExp(`\\b${name}\\b`).test(surface))).toEqual([])
  const entries = [...text.matchAll(/nebius-rerank(\/[\w-]+)/g)].map(([, path]) => `.${path}`)
  expect(entries.filter((path) => !Object.hasOwn(manifest.exports, path))).toEqual([])
})

/** Names of others, and of the command. */
const ELSEWHERE = ['instanceof', 'map', 'bulk', 'eval', 'check', 'serve']

describe('links', () => {
  test.each([...PAGES])('of %s lead to files and headings that exist', (path, text) => {
    const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, to = '']) => to)
    const relative = links.filter((to) => !/^https?:/.test(to))
    const broken = relative.filter((to) => {
      const [file = '', heading] = to.split('#')
      const target = file === '' ? new URL(path, root) : new URL(file, new URL(path, root))
      if (!existsSync(target)) return true
      return heading !== undefined && !headingsOf(readFileSync(target, 'utf8')).includes(heading)
    })
    expect(broken).toEqual([])
  })

  test('of the README lead to every page', () => {
    const pages = [...PAGES.keys()].filter((path) => path.startsWith('docs/'))
    expect(pages.length).toBeGreaterThan(10)
    expect(pages.filter((path) => !page('README.md').includes(`(${path}`))).toEqual([])
  })
})

/** The anchors of a page's headings, as GitHub makes them. */
function headingsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  )
}

/** An example's output without what changes by itself: request ids, and the version of the contract. */
function steady(text: string): string {
  return text.replace(/request id [\w-]+/, 'request id …').replace(/\b\d{8}-[0-9a-f]{9}\b/, 'version')
}
