import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import manifest from '../../package.json' with { type: 'json' }
import type { InstalledProject } from '../helpers/installed-project.ts'
import { EXAMPLES } from '../helpers/pages.ts'
import { installProjectWithFrameworks } from './project.ts'

/** The examples that are marked with the name of an adapter. */
const examples = EXAMPLES.filter(({ mark }) => mark !== '').map(({ mark, ...rest }, index) => ({
  name: `${mark}-${index + 1}`,
  adapter: mark,
  ...rest,
}))

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
  expect([...new Set(examples.map(({ adapter }) => adapter))]).toEqual(adapters)
})

describe('what a page says an example prints is what it prints', () => {
  test.each(examples)('$name', async ({ name, output }) => {
    expect(await project.run(`${name}.js`, { MASTRA_TELEMETRY_DISABLED: '1' })).toBe(output)
  })
})
