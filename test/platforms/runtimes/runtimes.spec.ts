import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { smokeInChromium } from './chromium.ts'
import { serveFaultyEndpoint } from './endpoint.ts'
import type { FaultyEndpoint } from './endpoint.ts'
import { FACTS } from './facts.ts'
import { installSmokeProject } from './project.ts'
import type { SmokeProject } from './project.ts'
import { smokeInWorkerd } from './workerd.ts'

const modules = join(import.meta.dirname, '../node_modules')

let project: SmokeProject
let endpoint: FaultyEndpoint
beforeAll(async () => {
  ;[project, endpoint] = await Promise.all([installSmokeProject(), serveFaultyEndpoint()])
})
afterAll(async () => {
  await Promise.all([project.remove(), endpoint.close()])
})

/** The runtimes that run a file, each with its binary and the arguments before the file. */
const RUNTIMES: [name: string, binary: string, ...args: string[]][] = [
  ['Node 20', 'node20/bin/node'],
  ['Node 22', 'node22/bin/node'],
  ['Node 24', 'node24/bin/node'],
  ['Node 26', 'node26/bin/node'],
  ['Bun', '@oven/bun-linux-x64/bin/bun', 'run'],
  ['Deno', '@deno/linux-x64-glibc/deno', 'run', '--allow-net=127.0.0.1', '--allow-env', '--no-remote'],
]

// The facts are told twice: of the runtime's own fetch, and of the one over node:http.
describe.concurrent.each(RUNTIMES)('%s', (name, binary, ...args) => {
  test.each(['module.js', 'common.cjs'])('%s', async (file) => {
    const url = endpoint.urlFor(`${name}-${file}`.replace(/\W/g, '-'))
    const options = { cwd: project.dir, env: { NO_COLOR: '1' }, timeout: 30_000 }
    const ended = await promisify(execFile)(installed(binary), [...args, file, url], options)
    expect(ended).toEqual({ stdout: `${FACTS}${FACTS}serves\n`, stderr: '' })
  })
})

test('workerd', async () => {
  const binary = installed('@cloudflare/workerd-linux-64/bin/workerd')
  expect(await smokeInWorkerd(binary, project.dir, endpoint.urlFor('workerd'))).toBe(FACTS)
})

test('Chromium, in a page that forbids evaluating code', async () => {
  expect(await smokeInChromium(project.dir, endpoint.urlFor('chromium'))).toBe(FACTS)
})

test('npm installs the package, its one dependency and that one’s helper', async () => {
  expect(await project.list()).toEqual(['nebius-rerank', 'openapi-fetch', 'openapi-typescript-helpers'])
})

/** A runtime that is missing fails the test: none is skipped. */
function installed(binary: string): string {
  const path = join(modules, binary)
  if (!existsSync(path))
    throw new Error(`${binary} is not installed: this machine needs another package of it`)
  return path
}
