import { execFile } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { body, serveUpstream } from '../helpers/upstream-server.ts'
import { PINNED_TEXT } from './document.ts'
import { GENERATED } from './generated.ts'
import { copyWithScripts } from './repository.ts'

interface Run {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs the script of a copy of the repository in a process of its own. */
async function regen(root: string, args: readonly string[], openapiUrl = ''): Promise<Run> {
  const env = { PATH: process.env['PATH'], OPENAPI_URL: openapiUrl }
  return new Promise((resolve) => {
    const argv = ['--import', 'tsx', 'scripts/regen.ts', ...args]
    const child = execFile(process.execPath, argv, { cwd: root, env }, (_, stdout, stderr) =>
      resolve({ code: child.exitCode, stdout, stderr }),
    )
  })
}

describe('scripts/regen.ts', { timeout: 30_000 }, () => {
  it('exits 0 with one line on stdout', async () => {
    const { url } = await serveUpstream(body(PINNED_TEXT))
    expect(await regen(copyWithScripts(GENERATED), [], url)).toEqual({
      code: 0,
      stdout: 'current: 20260506-297d05704\n',
      stderr: '',
    })
  })

  it('exits 2 when a part of it is missing', async () => {
    const root = copyWithScripts(GENERATED)
    rmSync(join(root, 'scripts/spec/contract/index.ts'))
    expect(await regen(root, ['--from', 'openapi.json'])).toMatchObject({ code: 2, stdout: '' })
  })
})
