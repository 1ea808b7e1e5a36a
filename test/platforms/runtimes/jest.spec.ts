import { execFile } from 'node:child_process'
import { symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { closedPort } from '../../helpers/fault-server.ts'
import { serveFaultyEndpoint } from './endpoint.ts'
import type { FaultyEndpoint } from './endpoint.ts'
import { FACTS } from './facts.ts'
import { installSmokeProject } from './project.ts'
import type { SmokeProject } from './project.ts'

const modules = join(import.meta.dirname, '../node_modules')

let project: SmokeProject
let endpoint: FaultyEndpoint
beforeAll(async () => {
  ;[project, endpoint] = await Promise.all([installSmokeProject(), serveFaultyEndpoint()])
  await symlink(join(modules, 'node-fetch2'), join(project.dir, 'node_modules/node-fetch2'))
  await build({ absWorkingDir: project.dir, entryPoints: ['smoke.js'], outfile: 'smoke.cjs', format: 'cjs' })
})
afterAll(async () => {
  await Promise.all([project.remove(), endpoint.close()])
})

// Jest runs tests in a realm of their own, whose Error and AbortSignal are not those of Node's fetch.
test.each(['node', 'jsdom'])('Jest, in its environment %s', async (environment) => {
  const config = {
    rootDir: project.dir,
    testMatch: ['**/in-jest.cjs'],
    testEnvironment: join(modules, `jest-environment-${environment}`),
    transform: {},
  }
  const env = {
    PATH: process.env['PATH'],
    ENDPOINT: endpoint.urlFor(`jest-${environment}`),
    NOBODY: await closedPort(),
    SMOKE: join(project.dir, 'smoke.cjs'),
    FACTS: environment === 'jsdom' ? FACTS.replace(/ranks in process.*\n/, '') : FACTS,
  }
  const args = [join(modules, 'jest/bin/jest.js'), '--json', '--config', JSON.stringify(config)]
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: project.dir, env })
  expect(JSON.parse(stdout)).toMatchObject({ success: true, numPassedTests: environment === 'node' ? 6 : 4 })
})
