import { execFile } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { edited } from './document.ts'
import { upstreamFile } from './drift-run.ts'
import { copyWithScripts } from './repository.ts'

interface Run {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs the script of a copy of the repository in a process of its own, its standard output perhaps in a file. */
async function drift(root: string, args: readonly string[], to?: string): Promise<Run> {
  const env = { PATH: process.env['PATH'] }
  const shell = ['-c', `exec "$0" "$@" ${to === undefined ? '' : `> ${to}`}`]
  return new Promise((resolve) => {
    const argv = [...shell, process.execPath, '--import', 'tsx', 'scripts/drift.ts', ...args]
    const child = execFile('sh', argv, { cwd: root, env }, (_, stdout, stderr) =>
      resolve({ code: child.exitCode, stdout, stderr }),
    )
  })
}

describe('scripts/drift.ts', () => {
  it('exits 0 with the verdict on stdout', async () => {
    const root = copyWithScripts()
    expect(await drift(root, ['--from', upstreamFile(root, edited(['/info/version', '2']))])).toEqual({
      code: 0,
      stdout: expect.stringMatching(/^version: only the version changed .*\n {2}version {2}.*\n$/) as unknown,
      stderr: '',
    })
  })

  it('exits 2 with one line on stderr where nobody reads the verdict', async () => {
    const root = copyWithScripts()
    expect(await drift(root, ['--from', 'openapi.json'], '/dev/full')).toEqual({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(/^drift: cannot write to standard output: ENOSPC.*\n$/) as unknown,
    })
  })

  it('exits 2 when a part of it is missing', async () => {
    const root = copyWithScripts()
    rmSync(join(root, 'scripts/spec/diff/index.ts'))
    expect(await drift(root, ['--from', 'openapi.json'])).toMatchObject({ code: 2, stdout: '' })
  })
})
