import { execFile, spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { symlink } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { serveFaultyEndpoint } from './endpoint.ts'
import type { FaultyEndpoint } from './endpoint.ts'
import { FACTS } from './facts.ts'
import { installSmokeProject } from './project.ts'
import type { SmokeProject } from './project.ts'

const modules = join(import.meta.dirname, '../node_modules')
const next = join(modules, 'next/dist/bin/next')

let project: SmokeProject
let endpoint: FaultyEndpoint
let server: ChildProcess
let url: string
beforeAll(async () => {
  ;[project, endpoint] = await Promise.all([installSmokeProject(), serveFaultyEndpoint()])
  for (const name of ['next', 'react', 'react-dom']) {
    await symlink(join(modules, name), join(project.dir, 'node_modules', name))
  }
  const options = {
    cwd: join(project.dir, 'next'),
    env: { PATH: process.env['PATH'] ?? '', NEXT_TELEMETRY_DISABLED: '1', NODE_ENV: 'production' as const },
  }
  await promisify(execFile)(process.execPath, [next, 'build'], options)
  server = spawn(process.execPath, [next, 'start', '--port', '0', '--hostname', '127.0.0.1'], {
    ...options,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  url = await urlFrom(server.stdout as Readable)
})
afterAll(async () => {
  server.kill('SIGKILL')
  await Promise.all([project.remove(), endpoint.close()])
})

test.each(['node', 'edge'])('a route handler of Next.js, in its runtime %s', async (runtime) => {
  const query = new URLSearchParams({ endpoint: endpoint.urlFor(`next-${runtime}`) })
  expect(await (await fetch(`${url}/${runtime}?${query.toString()}`)).text()).toBe(FACTS)
})

async function urlFrom(output: Readable): Promise<string> {
  let printed = ''
  for await (const chunk of output) {
    printed += String(chunk)
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(printed)?.[0]
    if (url !== undefined && printed.includes('Ready')) return url
  }
  throw new Error(`Next.js ended: ${printed}`)
}
