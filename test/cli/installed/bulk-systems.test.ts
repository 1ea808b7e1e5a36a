import { execFileSync, spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { link, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { installCommand } from '../../helpers/command.ts'
import type { InstalledCommand } from '../../helpers/command.ts'
import { closedPort, serveFaults, stall, well } from '../../helpers/fault-server.ts'
import { temporaryFolder } from '../../helpers/folder.ts'
import { KEY } from '../../helpers/rerank.ts'

let command: InstalledCommand
beforeAll(async () => {
  command = await installCommand()
})
afterAll(() => command.remove())

const jobs = (count: number): string =>
  Array.from({ length: count }, (_, id) => `{"id":${id},"query":"q","documents":["q d"]}\n`).join('')

async function folderWith(count: number): Promise<string> {
  const dir = await temporaryFolder()
  await writeFile(`${dir}/IN`, jobs(count))
  return dir
}

/** Whether this machine lets a command do what needs rights. */
const can = (program: string, ...args: string[]): boolean => spawnSync(program, args).status === 0

describe('on a file system without links', () => {
  const REFUSING = `
    import fs from 'node:fs'
    import { syncBuiltinESMExports } from 'node:module'
    const refuse = async () => { throw Object.assign(new Error('EPERM: no links'), { code: 'EPERM' }) }
    for (const name of ['link', 'symlink']) fs.promises[name] = refuse
    syncBuiltinESMExports()`

  test('such as any that refuses them, a run locks, resumes and tries again', async () => {
    const dir = await folderWith(5)
    await writeFile(`${dir}/refusing.mjs`, REFUSING)
    const env = `NODE_OPTIONS='--import ${dir}/refusing.mjs'`
    for (const flags of ['', '--resume', '--resume --retry-failed']) {
      const { code, stderr } = await command.runInShell(`${env} nebius bulk --local IN -o OUT ${flags}`, dir)
      expect({ code, stderr }).toMatchObject({ code: 0 })
    }
    expect((await readFile(`${dir}/OUT`, 'utf8')).split('\n')).toHaveLength(6)
  })

  const hasFat =
    can('mkfs.vfat', '--help') &&
    /\bvfat\b/.test(execFileSync('cat', ['/proc/filesystems'], { encoding: 'utf8' }))

  test.runIf(hasFat)('such as FAT, a run locks, resumes and tries again', async () => {
    const dir = await folderWith(5)
    execFileSync('truncate', ['-s', '8M', `${dir}/fat.img`])
    execFileSync('mkfs.vfat', [`${dir}/fat.img`])
    await mkdir(`${dir}/fat`)
    execFileSync('mount', ['-o', 'loop', `${dir}/fat.img`, `${dir}/fat`])
    onTestFinished(() => void execFileSync('umount', [`${dir}/fat`]))
    for (const flags of ['', '--resume', '--resume --retry-failed']) {
      expect(await command.runInShell(`nebius bulk --local IN -o fat/OUT ${flags}`, dir)).toMatchObject({
        code: 0,
      })
    }
    expect(readdirSync(`${dir}/fat`)).toEqual(['OUT'])
  })
})

describe('two runs on one output', () => {
  const canIsolate = can('unshare', '--pid', '--fork', '--mount-proc', 'true')
  const untilLocked = 'until [ -e OUT.nebius-rerank.lock ]; do sleep 0.05; done'
  const startOf = (url: string, node = ''): string =>
    `${process.execPath} ${node} ${command.file} bulk --base-url ${url} IN -o OUT --resume`
  const idsOf = async (dir: string): Promise<string[]> =>
    (await readFile(`${dir}/OUT`, 'utf8')).trimEnd().split('\n')

  /** Lets a process wait a fiftieth of what it would. */
  const IMPATIENT = `
    for (const name of ['setTimeout', 'setInterval']) {
      const start = globalThis[name]
      globalThis[name] = (callback, ms, ...rest) => start(callback, ms / 50, ...rest)
    }`

  test.runIf(canIsolate)('in two PID namespaces, of which one ends at once and says why', async () => {
    let release: () => void = () => undefined
    const released = new Promise<void>((resolve) => (release = resolve))
    const service = await serveFaults(() => async (response, request) => {
      await released
      await well(response, request)
    })
    const dir = await folderWith(20)
    await writeFile(`${dir}/impatient.mjs`, IMPATIENT)
    const run = `NEBIUS_API_KEY=${KEY} unshare --pid --fork --mount-proc`
    // The first shows all the sooner that it runs.
    const first = command.runInShell(`${run} ${startOf(service.url, '--import ./impatient.mjs')}`, dir)
    const second = await command.runInShell(`${untilLocked}; ${run} ${startOf(service.url)}`, dir)
    release()
    expect([(await first).code, second.code]).toEqual([0, 2])
    expect(second.stderr).toMatch(/OUT is being written by process \d+ on .*: wait until it has ended/)
    const ids = await idsOf(dir)
    expect([ids.length, new Set(ids).size]).toEqual([20, 20])
  })

  test.runIf(canIsolate)(
    'in two PID namespaces: after kill -9 of the first, the second takes over',
    async () => {
      const service = await serveFaults([])
      const stalled = await serveFaults(() => stall)
      const dir = await folderWith(20)
      await writeFile(`${dir}/impatient.mjs`, IMPATIENT)
      const run = `NEBIUS_API_KEY=${KEY} unshare --pid --fork --mount-proc --kill-child`
      await command.runInShell(`${run} ${startOf(stalled.url)} & ${untilLocked}; kill -9 $!; wait`, dir)
      expect(await readdir(dir)).toContain('OUT.nebius-rerank.lock')
      const taker = startOf(service.url, '--import ./impatient.mjs')
      const { code, stderr } = await command.runInShell(`${run} ${taker}`, dir)
      expect(code).toBe(0)
      expect(stderr).toContain('checking for 10 s whether it still runs')
      const ids = await idsOf(dir)
      expect([ids.length, new Set(ids).size]).toEqual([20, 20])
    },
  )

  test('by two names of it are refused', async () => {
    const dir = await folderWith(2)
    await writeFile(`${dir}/OUT`, '')
    await link(`${dir}/OUT`, `${dir}/OTHER`)
    const { code, stderr } = await command.runInShell('nebius bulk --local IN -o OUT --resume', dir)
    expect(code).toBe(2)
    expect(stderr).toContain('OUT has 2 names (hard links)')
    expect((await readdir(dir)).sort()).toEqual(['IN', 'OTHER', 'OUT'])
  })
})

describe('a disk that gets full', () => {
  const TMPFS = ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs']

  test.runIf(can('unshare', '--mount', 'mount', ...TMPFS, '/mnt'))(
    'ends the run without a half line, and the run goes on when there is room',
    async () => {
      const dir = await folderWith(1000)
      await mkdir(`${dir}/disk`)
      execFileSync('mount', [...TMPFS, `${dir}/disk`])
      onTestFinished(() => void execFileSync('umount', [`${dir}/disk`]))
      const full = await command.runInShell('nebius bulk --local IN -o disk/OUT', dir)
      expect(full.code).toBe(2)
      expect(full.stderr).toMatch(/Can't write disk\/OUT: no space left on device\. .*continue with --resume/)
      const text = await readFile(`${dir}/disk/OUT`, 'utf8')
      expect(text.length).toBeGreaterThan(10_000)
      for (const line of text.trimEnd().split('\n')) expect(JSON.parse(line)).toHaveProperty('results')
      expect(text.endsWith('}\n')).toBe(true)
      expect(readdirSync(`${dir}/disk`)).toEqual(['OUT'])

      const piped = await command.runInShell('nebius bulk --local IN -o - > disk/PIPED', dir)
      expect(piped.code).toBe(2)
      expect(await readFile(`${dir}/disk/PIPED`, 'utf8')).toMatch(/^(?:[^]*\}\n)?$/)

      execFileSync('mount', ['-o', 'remount,size=8m', `${dir}/disk`])
      expect((await command.runInShell('nebius bulk --local IN -o disk/OUT --resume', dir)).code).toBe(0)
      const ids = (await readFile(`${dir}/disk/OUT`, 'utf8')).trimEnd().split('\n')
      expect(new Set(ids.map((line) => (JSON.parse(line) as { id: number }).id)).size).toBe(1000)
    },
    120_000,
  )
})

describe('an output that is also something else is refused by device and inode', () => {
  test.each([
    ['the input, linked', 'ln IN OUT; nebius bulk --local IN -o OUT --resume', /has 2 names|same file/],
    [
      'the input, linked softly',
      'ln -s IN OUT; nebius bulk --local IN -o OUT --resume',
      /OUT and IN are the same file/,
    ],
    [
      'the input as standard output',
      'nebius bulk --local IN -o - >> IN',
      /standard output and IN are the same file/,
    ],
    ['the input as standard error', 'nebius bulk --local IN -o OUT 2>> IN; exit $?', /^$/],
    [
      'standard input',
      'nebius bulk --local - -o IN --resume < IN',
      /IN and standard input are the same file/,
    ],
    ['standard error', 'nebius bulk --local IN -o OUT --resume 2>> OUT', /^$/],
  ])('%s', async (_, line, message) => {
    const dir = await folderWith(2)
    const { code, stderr } = await command.runInShell(line, dir)
    expect(code).toBe(2)
    expect(stderr).toMatch(message)
    expect(await readFile(`${dir}/IN`, 'utf8')).toContain(jobs(2))
    expect((await readdir(dir)).filter((name) => /lock|tmp/.test(name))).toEqual([])
  })
})

describe('a fault that all jobs share ends the run, and leaves nothing', () => {
  test.runIf(can('openssl', 'version'))('a certificate that nobody has signed', async () => {
    const [key, certificate] = ['key.pem', 'certificate.pem'].map((name) => `${command.dir}/${name}`) as [
      string,
      string,
    ]
    const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
    const files = ['-keyout', key, '-out', certificate]
    execFileSync('openssl', ['req', '-x509', ...curve, '-subj', '/CN=localhost', ...files], {
      stdio: 'ignore',
    })
    const options = { key: await readFile(key), cert: await readFile(certificate) }
    const server = createServer(options, (_, response) => response.end('{}'))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void server.close())
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`
    await endsAtOnce(url, /self-signed certificate/)
  })

  test('a host that does not answer', async () => {
    await endsAtOnce(await closedPort(), /ECONNREFUSED/)
  })

  test('a host that is not there', async () => {
    await endsAtOnce('https://nowhere.invalid', /ENOTFOUND|EAI_AGAIN/)
  })

  async function endsAtOnce(url: string, message: RegExp): Promise<void> {
    const dir = await folderWith(40)
    const args = ['bulk', '--base-url', url, '--timeout', '0.3', `${dir}/IN`, '-o', `${dir}/OUT`]
    const { code, stderr } = await command.run(args, { env: { NEBIUS_API_KEY: KEY } })
    expect(stderr).toMatch(message)
    expect(stderr).toMatch(/Continue with --resume when that is resolved\n$/)
    expect(code).toBe(2)
    expect(await readdir(dir)).toEqual(['IN'])
  }
})

test('files of others beside the output are left as they are', async () => {
  const dir = await folderWith(2)
  const others = ['yarn.lock', 'yarn.nebius-rerank', 'yarn.tmp', 'yarn.lock.1', 'yarn.bak']
  for (const name of others) await writeFile(`${dir}/${name}`, name)
  await writeFile(`${dir}/yarn`, '{"id":0,"error":{}}\n')
  const { code } = await command.runInShell('nebius bulk --local IN -o yarn --resume --retry-failed', dir)
  expect(code).toBe(0)
  for (const name of others) expect(await readFile(`${dir}/${name}`, 'utf8')).toBe(name)
  expect((await readdir(dir)).sort()).toEqual(['IN', ...others, 'yarn'].sort())
})
