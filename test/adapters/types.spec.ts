import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, test } from 'vitest'
import type { InstalledProject } from '../helpers/installed-project.ts'
import { installProjectWithFrameworks } from './project.ts'

const dir = join(import.meta.dirname, 'types')
const files = readdirSync(dir)

let project: InstalledProject
beforeAll(async () => {
  project = await installProjectWithFrameworks()
  for (const file of files) await project.write(file, readFileSync(join(dir, file), 'utf8'))
})
afterAll(() => project.remove())

// The frameworks' own declarations are not ours to check.
const STRICT = ['--noEmit', '--skipLibCheck', 'true']

test.concurrent.each([
  ['strict', 'typescript', []],
  ['strict and with exact optional properties', 'typescript-7', ['--exactOptionalPropertyTypes']],
] as const)(
  "in a project that is %s, the adapters' types fit the frameworks', by %s",
  async (_, compiler, options) => {
    await project.compile(files, [...STRICT, ...options], compiler)
  },
  120_000,
)
