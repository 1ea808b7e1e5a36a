import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import manifest from '../../package.json' with { type: 'json' }
import type { InstalledProject } from '../helpers/installed-project.ts'
import { installProjectWithFrameworks } from './project.ts'

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')

/** The examples that are marked with the name of an adapter, each with what the README says that it prints. */
const examples = [...readme.matchAll(/```ts ([\w-]+)\n(.*?)```\n\n```text\n(.*?)```/gs)].map(
  ([, name = '', code = '', output = '']) => ({ name, code, output }),
)

let project: InstalledProject
beforeAll(async () => {
  project = await installProjectWithFrameworks()
  for (const { name, code } of examples) await project.write(`${name}.ts`, code)
  await project.compile(
    examples.map(({ name }) => `${name}.ts`),
    ['--skipLibCheck', 'true'],
  )
}, 120_000)
afterAll(() => project.remove())

test('every adapter has an example', () => {
  const adapters = Object.entries<unknown>(manifest.exports)
    .filter(([, target]) => JSON.stringify(target).includes('/adapters/'))
    .map(([path]) => path.slice('./'.length))
  expect(adapters.length).toBeGreaterThan(0)
  expect(examples.map(({ name }) => name)).toEqual(adapters)
})

describe('what the README says an example prints is what it prints', () => {
  test.each(examples)('$name', async ({ name, output }) => {
    expect(await project.run(`${name}.js`, { MASTRA_TELEMETRY_DISABLED: '1' })).toBe(output)
  })
})
