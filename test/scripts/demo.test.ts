import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { serveLocalReranker } from '../../src/local/index.ts'

interface Run {
  code: number
  stdout: string
  stderr: string
}

/** Runs the demo over the built package, as `npm run demo` does once that is built. */
function runDemo(environment: Record<string, string> = {}): Promise<Run> {
  const args = ['--import', 'tsx', 'scripts/demo.ts']
  const env = { ...process.env, TSX_TSCONFIG_PATH: 'src/tsconfig.build.json', ...environment }
  return new Promise((resolve) => {
    execFile(process.execPath, args, { env }, (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr }),
    )
  })
}

describe('the demo', () => {
  it('ranks two lists by the embedded endpoint', async () => {
    const { code, stdout, stderr } = await runDemo()
    expect(stderr).toBe('')
    expect(code).toBe(0)
    expect(stdout).toMatch(/^ {2}1 {2}0\.\d{3} {2}█+.? +The capital of France is Paris\.$/m)
    expect(stdout).toMatch(/^ {2}1 {2}0\.\d{3} {2}█+.? +Yeast is sluggish/m)
    expect(stdout).toMatch(/^ 12 {2}0\.\d{3} {2}/m)
    expect(stdout).toContain('Qwen/Qwen3-Reranker-8B, 54 tokens')
    expect(stdout).toMatch(/embedded endpoint at http:\/\/127\.0\.0\.1:\d+/)
  })

  it('keeps to 80 columns and plain text where there is no terminal', async () => {
    const { stdout } = await runDemo({ FORCE_COLOR: '1' })
    expect(stdout).not.toContain('\u001B')
    expect(tableOf(stdout).filter((line) => line.length > 80)).toEqual([])
    expect(tableOf(stdout).filter((line) => line.endsWith('…')).length).toBeGreaterThan(3)
  })

  it('asks the live API with the key of the environment, and never prints it', async () => {
    const server = await serveLocalReranker({ apiKey: 'secret-key' })
    const { code, stdout } = await runDemo({ NEBIUS_API_KEY: 'secret-key', NEBIUS_BASE_URL: server.url })
    await server.close()
    expect(code).toBe(0)
    expect(stdout).toContain(`Ranked by ${server.url}.`)
    expect(stdout).not.toContain('secret-key')
  })

  it('ends quietly where nobody reads on', async () => {
    const child = spawn(process.execPath, ['--import', 'tsx', 'scripts/demo.ts'], {
      env: { ...process.env, TSX_TSCONFIG_PATH: 'src/tsconfig.build.json' },
    })
    child.stdout.destroy()
    const stderr = text(child.stderr)
    expect(await once(child, 'close')).toEqual([0, null])
    expect(await stderr).toBe('')
  })

  it('says in one line what failed', async () => {
    const server = await serveLocalReranker({ apiKey: 'another' })
    const { code, stderr } = await runDemo({ NEBIUS_API_KEY: 'secret-key', NEBIUS_BASE_URL: server.url })
    await server.close()
    expect(code).toBe(1)
    expect(stderr).toMatch(/^demo: .*401.*\n$/)
    expect(stderr).not.toContain('secret-key')
  })
})

function tableOf(stdout: string): string[] {
  return stdout.split('\n').filter((line) => /^ {1,2}\d+ {2}\d\./.test(line))
}
