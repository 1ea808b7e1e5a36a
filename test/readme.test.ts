import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { serveLocalReranker } from '../src/local/index.ts'
import type { LocalServer } from '../src/local/index.ts'
import { installCommand } from './helpers/command.ts'
import { installProject } from './helpers/installed-project.ts'
import type { InstalledProject } from './helpers/installed-project.ts'

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')

/** Each example with what the README says that it prints. */
const examples = [...readme.matchAll(/```(ts|js)\n(.*?)```\n\n```text\n(.*?)```/gs)].map(
  ([, language, code = '', output = ''], index) => {
    const name = `example-${index + 1}`
    return language === 'ts'
      ? { written: `${name}.ts`, run: `${name}.js`, code, output }
      : { written: `${name}.cjs`, run: `${name}.cjs`, code, output }
  },
)

let project: InstalledProject
let server: LocalServer
beforeAll(async () => {
  ;[project, server] = await Promise.all([installProject(), serveLocalReranker({ port: 0 })])
  for (const { written, code } of examples) await project.write(written, code)
  await project.compile(examples.map(({ written }) => written).filter((name) => name.endsWith('.ts')))
}, 60_000)
afterAll(async () => {
  await Promise.all([project.remove(), server.close()])
})

test('every example is followed by what it prints', () => {
  expect(examples.length).toBe(readme.match(/^```(?:ts|js)$/gm)?.length)
})

describe('what the README says an example prints is what it prints', () => {
  // Those that ask the hosted service are sent to the embedded endpoint.
  test.each(examples)('$written', async ({ run, output }) => {
    const env = { NEBIUS_API_KEY: 'not-a-real-key', NEBIUS_BASE_URL: server.url }
    const printed = await project.run(run, env)
    expect(steady(printed)).toBe(steady(output))
  })
})

test('the table of errors names every class and kind that the package exports', async () => {
  const table = [...readme.matchAll(/^\| `(\w+Error)` +\| `(\w+)` +\|/gm)].map(([, name, kind]) => [
    kind,
    name,
  ])
  const source = readFileSync(new URL('../src/errors/classes.ts', import.meta.url), 'utf8')
  const classes = [...source.matchAll(/^ {2}(\w+): (\w+Error)$/gm)].map(([, kind, name]) => [kind, name])
  expect(table).toEqual(classes)
})

test('the table of options names every option', async () => {
  const source = readFileSync(new URL('../src/options/types.ts', import.meta.url), 'utf8')
  const options = [...source.matchAll(/^ {2}(\w+)\?:/gm)].map(([, name]) => name)
  expect(options.length).toBeGreaterThan(10)
  expect(options.filter((name) => !readme.includes(`\`${name}\``))).toEqual([])
})

test('every flag of the command that the README names is one that the command explains', async () => {
  const command = await installCommand()
  const helps = await Promise.all(
    [[], ['serve'], ['bulk'], ['merge'], ['eval'], ['check']].map((part) => command.run([...part, '--help'])),
  )
  await command.remove()
  const explained = helps.map(({ stdout }) => stdout).join('')
  const section = readme.slice(readme.indexOf('## The command'), readme.indexOf('## The embedded endpoint'))
  const flags = [...new Set(section.match(/(?<=[ `])--[a-z-]+/g))]
  expect(flags.length).toBeGreaterThan(5)
  expect(flags.filter((flag) => !explained.includes(flag))).toEqual([])
})

/** What an example prints without what changes by itself: request ids, and the version of the contract. */
function steady(text: string): string {
  return text.replace(/request id [\w-]+/, 'request id …').replace(/\b\d{8}-[0-9a-f]{9}\b/, 'version')
}
