import { execFile } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { body, serveUpstream } from '../helpers/upstream-server.ts'
import { edited, PINNED_TEXT } from './document.ts'
import { GENERATED } from './generated.ts'
import { copyOfRepository, writtenFiles } from './repository.ts'

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
    expect(await regen(copyOfRepository(GENERATED), [], url)).toEqual({
      code: 0,
      stdout: 'current: 20260506-297d05704\n',
      stderr: '',
    })
  })

  it('exits 2 with one line on stderr, and writes nothing', async () => {
    const root = copyOfRepository(GENERATED)
    const before = writtenFiles(root)
    writeFileSync(join(root, 'new.json'), JSON.stringify(edited(['/openapi', '2.0'])))
    expect(await regen(root, ['--from', 'new.json'])).toEqual({
      code: 2,
      stdout: '',
      stderr: 'regen: #/openapi is "2.0", not OpenAPI 3.x\n',
    })
    expect(writtenFiles(root)).toEqual(before)
  })

  it('exits 2 when a part of it is missing', async () => {
    const root = copyOfRepository(GENERATED)
    rmSync(join(root, 'scripts/spec/contract/index.ts'))
    expect(await regen(root, ['--from', 'openapi.json'])).toMatchObject({ code: 2, stdout: '' })
  })

  it('exits 1 with lines on stderr when the check finds a difference', async () => {
    const root = copyOfRepository(GENERATED)
    writeFileSync(join(root, 'src/generated/schema.ts'), '')
    expect(await regen(root, ['--check'])).toEqual({
      code: 1,
      stdout: '',
      stderr:
        'src/generated/schema.ts is not what openapi.json generates\nTo mend it: npm run regen -- --from openapi.json\n',
    })
  })
})
