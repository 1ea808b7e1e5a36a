import { execFile, spawn } from 'node:child_process'
import { closeSync, openSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { outcomeOf } from '../helpers/command.ts'
import { edited } from './document.ts'
import { upstreamFile } from './drift-run.ts'
import { copyOfRepository } from './repository.ts'

interface Run {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

const SCRIPT = ['--import', 'tsx', 'scripts/drift.ts']
const ENV = { PATH: process.env['PATH'] }

/** Runs the script of a copy of the repository in a process of its own. */
async function drift(root: string, args: readonly string[]): Promise<Run> {
  return new Promise((resolve) => {
    const options = { cwd: root, env: ENV }
    const child = execFile(process.execPath, [...SCRIPT, ...args], options, (_, stdout, stderr) =>
      resolve({ code: child.exitCode, stdout, stderr }),
    )
  })
}

describe('scripts/drift.ts', () => {
  it('exits 0 with the verdict on stdout', async () => {
    const root = copyOfRepository()
    expect(await drift(root, ['--from', upstreamFile(root, edited(['/info/version', '2']))])).toEqual({
      code: 0,
      stdout: expect.stringMatching(/^version: only the version changed .*\n {2}version {2}.*\n$/) as unknown,
      stderr: '',
    })
  })

  it('exits 2 with one line on stderr', async () => {
    const root = copyOfRepository()
    expect(await drift(root, ['--from', upstreamFile(root, '<html>'), '--format', 'json'])).toEqual({
      code: 2,
      stdout: '',
      stderr: 'drift: cannot use upstream.json: HTML came instead of JSON\n'.replace(
        'upstream.json',
        join(root, 'upstream.json'),
      ),
    })
  })

  it('exits 2 with one line on stderr where nobody reads the verdict', async () => {
    const root = copyOfRepository()
    const stdout = openSync('/dev/full', 'w')
    const child = spawn(process.execPath, [...SCRIPT, '--from', 'openapi.json'], {
      cwd: root,
      env: ENV,
      stdio: ['ignore', stdout, 'pipe'],
    })
    closeSync(stdout)
    expect(await outcomeOf(child)).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^drift: cannot write to standard output: ENOSPC.*\n$/) as unknown,
    })
  })

  it('exits 2 when a part of it is missing', async () => {
    const root = copyOfRepository()
    rmSync(join(root, 'scripts/pipeline/compare.ts'))
    expect(await drift(root, ['--from', 'openapi.json'])).toMatchObject({ code: 2, stdout: '' })
  })
})
