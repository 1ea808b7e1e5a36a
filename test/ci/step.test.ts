import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

it('an unknown step fails and names those that there are, all that workflows ask for among them', async () => {
  const workflows = ['drift', 'release'].map((name) =>
    readFileSync(`${ROOT}.github/workflows/${name}.yml`, 'utf8'),
  )
  const asked = [...workflows.join('').matchAll(/step\.ts ([\w-]+)/g)].map(([, name]) => name)
  const { code, stdout } = await step('odd')
  expect(code).toBe(1)
  expect(stdout).toMatch(/^::error::the steps are .*\n$/)
  expect(asked.filter((name) => !stdout.includes(` ${name ?? ''}`))).toEqual([])
})

async function step(name: string): Promise<{ code: number | null; stdout: string }> {
  const argv = ['--import', 'tsx', 'scripts/ci/step.ts', name]
  return new Promise((resolve) => {
    const child = execFile(process.execPath, argv, { cwd: ROOT }, (_, stdout) =>
      resolve({ code: child.exitCode, stdout }),
    )
  })
}
