import { execFile } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const WORKFLOWS = readdirSync(`${ROOT}.github/workflows`).map((name) =>
  readFileSync(`${ROOT}.github/workflows/${name}`, 'utf8'),
)
/** The steps that workflows ask for. */
const ASKED = Array.from(WORKFLOWS.join('').matchAll(/step\.ts ([\w-]+)/g), ([, name = '']) => name)

it('an unknown step fails and names those that there are: one for each file that workflows ask for', async () => {
  const { code, stdout } = await step('odd')
  expect(code).toBe(1)
  const [, named = ''] = /^::error::there is no such step\. The steps are (.*)\n$/.exec(stdout) ?? []
  expect(named.split(', '), 'add or sort the line in STEPS of scripts/ci/step.ts').toEqual(
    [...new Set(ASKED)].sort(),
  )
  const absent = named.split(', ').filter((name) => !existsSync(`${ROOT}scripts/ci/${name}.ts`))
  expect(absent, 'name the file in scripts/ci as the step').toEqual([])
})

it('each step has a test', () => {
  const tests = readdirSync(`${ROOT}test/ci`).filter((name) => name.endsWith('.test.ts'))
  const texts = tests.map((name) => readFileSync(`${ROOT}test/ci/${name}`, 'utf8')).join('')
  const absent = ASKED.filter((name) => !texts.includes(`'../../scripts/ci/${name}.ts'`))
  expect(absent, 'test it in test/ci').toEqual([])
})

it.each(['plan-release', 'publish', 'announce'])(
  '%s stands on Node alone, where nothing is installed',
  (name) => {
    const foreign = new Set<string>()
    const seen = new Set<string>()
    const read = (path: string): void => {
      if (seen.has(path)) return
      seen.add(path)
      for (const [, from = ''] of readFileSync(path, 'utf8').matchAll(
        /^import (?!type)[^;]*? from '([^']+)'/gms,
      )) {
        if (from.startsWith('.')) read(resolve(dirname(path), from))
        else if (!from.startsWith('node:')) foreign.add(from)
      }
    }
    read(`${ROOT}scripts/ci/${name}.ts`)
    expect([...foreign]).toEqual([])
  },
)

async function step(name: string): Promise<{ code: number | null; stdout: string }> {
  const argv = ['--import', 'tsx', 'scripts/ci/step.ts', name]
  return new Promise((resolve) => {
    const child = execFile(process.execPath, argv, { cwd: ROOT }, (_, stdout) =>
      resolve({ code: child.exitCode, stdout }),
    )
  })
}
