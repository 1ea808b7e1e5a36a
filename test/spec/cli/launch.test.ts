import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { Invocation } from '../../../scripts/spec/cli/invocation.ts'
import { launch } from '../../../scripts/spec/cli/launch.ts'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))

/** What the process prints to its streams. */
function output(): { printed: unknown[][]; complaints: unknown[][] } {
  const print = vi.spyOn(console, 'log').mockReturnValue()
  const complain = vi.spyOn(console, 'error').mockReturnValue()
  return { printed: print.mock.calls, complaints: complain.mock.calls }
}

/** Launches a command in a process of these arguments, and tells what it was given. */
async function launched(isTTY: boolean): Promise<Invocation | undefined> {
  vi.spyOn(process, 'argv', 'get').mockReturnValue(['node', 'drift.ts', '--from', 'a'])
  const before = Object.getOwnPropertyDescriptor(process.stderr, 'isTTY') ?? { value: undefined }
  onTestFinished(() => void Object.defineProperty(process.stderr, 'isTTY', before))
  Object.defineProperty(process.stderr, 'isTTY', { value: isTTY, configurable: true, writable: true })
  let seen: Invocation | undefined
  await launch('drift', async () => async (invocation) => {
    seen = invocation
    invocation.print('a line')
    invocation.complain('a complaint')
    invocation.progress('a step')
    return 0
  })
  return seen
}

describe('a launched command', () => {
  it('is given the process’s own arguments and environment, and the repository', async () => {
    output()
    expect(await launched(false)).toMatchObject({ args: ['--from', 'a'], env: process.env, root: ROOT })
  })

  it.each([
    ['to people who watch', true, [['a complaint'], ['a step']]],
    ['to nobody else', false, [['a complaint']]],
  ])('tells what it does %s', async (_, isTTY, expected) => {
    const { printed, complaints } = output()
    await launched(isTTY)
    expect({ printed, complaints }).toEqual({ printed: [['a line']], complaints: expected })
  })

  it('decides the exit code', async () => {
    expect(await launch('drift', async () => async () => 1)).toBe(1)
  })

  it.each([
    ['cannot be loaded', () => Promise.reject(new Error('no package')), 'drift: no package'],
    ['fails', async () => () => Promise.reject(new Error('no')), 'drift: no'],
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- a package may do that
    ['fails otherwise', async () => () => Promise.reject('no'), 'drift: no'],
  ])('that %s could not check', async (_, load, message) => {
    const { complaints } = output()
    expect(await launch('drift', load)).toBe(2)
    expect(complaints).toEqual([[message]])
  })

  it('exits with 2 and tells once why, where its output cannot be written', async () => {
    const { complaints } = output()
    const { exitCode } = process
    await launch('drift', async () => async () => 0)
    const [unwritable] = process.stdout.listeners('error').slice(-1)
    const before = process.listeners('exit')
    unwritable?.(new Error('it is full'))
    unwritable?.(new Error('it is still full'))
    expect(complaints).toEqual([['drift: cannot write to standard output: it is full']])

    const added = process.listeners('exit').filter((listener) => !before.includes(listener))
    for (const listener of added) {
      process.off('exit', listener)
      listener(0)
    }
    const exitedWith = process.exitCode
    process.exitCode = exitCode
    expect(exitedWith).toBe(2)
  })

  it('goes on where nobody hears its complaints', async () => {
    const before = process.stderr.listeners('error')
    await launch('drift', async () => async () => 0)
    const added = process.stderr.listeners('error').filter((listener) => !before.includes(listener))
    expect(added).toHaveLength(1)
  })
})
