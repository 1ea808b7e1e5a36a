import { once } from 'node:events'
import { request } from 'node:http'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { readFile } from 'node:fs/promises'
import { randomBytes } from 'node:crypto'
import { text } from 'node:stream/consumers'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { installCommand } from '../../helpers/command.ts'
import type { InstalledCommand } from '../../helpers/command.ts'

/** Seconds of torture: as long as each attack takes once by default, `TORTURE_SECONDS=120` for the long one. */
const SECONDS = Number(process.env['TORTURE_SECONDS'] ?? 0)
const MOST_MEMORY = 300 * 1024 * 1024

let command: InstalledCommand
beforeAll(async () => {
  command = await installCommand()
})
afterAll(() => command.remove())

test(
  'endures hostile clients within its memory, and answers at once afterwards',
  { timeout: (SECONDS + 120) * 1_000 },
  async () => {
    const server = command.start(['serve', '--port', '0', '--api-key', 'right'])
    try {
      let said = ''
      server.stderr.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-10_000)))
      while (!said.includes('To try it')) await once(server.stderr, 'data')
      const url = /To try it: (\S+)\//.exec(said)?.[1] ?? ''
      const { peak, sent } = await torture(url, server.pid ?? 0)

      const started = performance.now()
      expect((await rerank(url)).status).toBe(200)
      const ms = performance.now() - started
      await until(async () => (await gauge(url, 'requests_in_flight')) === 0)
      expect(await gauge(url, 'bytes_in_flight')).toBe(0)
      // The connection that asks.
      await until(async () => (await gauge(url, 'connections')) <= 1)
      if (process.env['TORTURE_SECONDS'] !== undefined) {
        process.stdout.write(
          `${JSON.stringify({ sent, peakMiB: peak >> 20, firstResponseMs: Math.round(ms) })}\n`,
        )
        process.stdout.write(await (await fetch(`${url}/metrics`)).text())
      }
      expect(ms).toBeLessThan(5_000)
      expect(peak).toBeLessThan(MOST_MEMORY)
    } finally {
      server.kill('SIGKILL')
    }
  },
)

type Attack = (port: number) => Promise<void>

const RERANK = 'POST /v1/rerank HTTP/1.1\r\nhost: h\r\ncontent-type: application/json\r\n'
const WRONG = `${RERANK}authorization: Bearer wrong\r\n`
const RIGHT = `${RERANK}authorization: Bearer right\r\n`
const MEGABYTE = Buffer.alloc(1024 * 1024, 'x')

const ATTACKS: Readonly<Record<string, Attack>> = {
  'random bytes': (port) => talk(port, [randomBytes(20_000)]),
  'random bytes after a head': (port) =>
    talk(port, [`${RIGHT}transfer-encoding: chunked\r\n\r\n`, randomBytes(20_000)]),
  'a random body': (port) => talk(port, [`${RIGHT}content-length: 20000\r\n\r\n`, randomBytes(20_000)]),
  'pipelined requests and a reset': (port) =>
    talk(
      port,
      [post({ documents: ['word '.repeat(200_000)] }), 'GET / HTTP/1.1\r\nhost: h\r\n\r\n'.repeat(200)],
      {
        reset: true,
      },
    ),
  'pipelined wrong keys': (port) => talk(port, [`${WRONG}content-length: 0\r\n\r\n`.repeat(500)]),
  'a head that never ends': (port) => talk(port, ['GET / HTTP/1.1\r\nx: ', 'a'.repeat(8_000)], { idle: 500 }),
  'a head byte by byte': (port) => talk(port, ['G', 'E', 'T', ' ', '/'], { idle: 100 }),
  'a slow body': (port) =>
    talk(port, [`${RIGHT}content-length: 1000000\r\n\r\n`, '{"query":', '"q"'], { idle: 200, reset: true }),
  'a body in chunks of a byte': (port) =>
    talk(port, [`${RIGHT}transfer-encoding: chunked\r\n\r\n`, '1\r\na\r\n'.repeat(300_000)]),
  'a wrong key and a large body': (port) =>
    talk(port, [`${WRONG}content-length: 33000000\r\n\r\n`, ...Array.from({ length: 30 }, () => MEGABYTE)]),
  'a large body': (port) =>
    talk(port, [`${RIGHT}content-length: 33000000\r\n\r\n`, ...Array.from({ length: 30 }, () => MEGABYTE)], {
      reset: true,
    }),
  'millions of documents': (port) =>
    talk(port, [
      post({ documents: 0 }).replace('"documents":0', `"documents":[${'"a",'.repeat(1_000_000)}"a"]`),
    ]),
  'many documents, and a reader who leaves': (port) =>
    talk(port, [post({ documents: Array.from({ length: 50_000 }, () => 'a') })], { reset: true, idle: 20 }),
  'an endless word': (port) => talk(port, [post({ documents: ['я'.repeat(1_000_000)] })]),
  'a reset': (port) => talk(port, [], { reset: true }),
}

/** Opens a thousand connections with wrong keys, begins every attack beside, and watches the memory. */
async function torture(url: string, pid: number): Promise<{ peak: number; sent: Record<string, number> }> {
  const port = Number(new URL(url).port)
  const end = performance.now() + SECONDS * 1_000
  const names = Object.keys(ATTACKS)
  const sent: Record<string, number> = {}
  let peak = 0
  let isOver = false
  const watch = async (): Promise<void> => {
    while (!isOver) {
      peak = Math.max(peak, await residentBytes(pid))
      await wait(50)
    }
  }
  const attack = async (first: string): Promise<void> => {
    let name = first
    do {
      sent[name] = (sent[name] ?? 0) + 1
      await ATTACKS[name]?.(port)
      name = names[Math.floor(Math.random() * names.length)] ?? ''
    } while (performance.now() < end)
  }
  const knock = async (): Promise<void> => {
    do await talk(port, [`${WRONG}content-length: 1000000\r\n\r\n`, 'x'.repeat(10_000)], { idle: 1_000 })
    while (performance.now() < end)
  }
  const watching = watch()
  await Promise.all([...names.map(attack), ...Array.from({ length: 1_000 }, knock)])
  isOver = true
  await watching
  return { peak, sent }
}

/** Sends parts one after another, drops what comes, and leaves: by a reset, or when the other side has closed. */
async function talk(
  port: number,
  parts: readonly (string | Buffer)[],
  { reset = false, idle = 0 } = {},
): Promise<void> {
  const socket = connect(port, '127.0.0.1')
  const closed = new Promise<void>((resolve) => void socket.once('close', () => resolve()))
  socket.on('error', () => undefined).resume()
  for (const part of parts) {
    if (socket.destroyed) break
    await Promise.race([new Promise((resolve) => socket.write(part, resolve)), closed])
    if (idle > 0) await Promise.race([wait(idle / parts.length), closed])
  }
  leave(socket, reset)
  await Promise.race([closed, wait(2_000)])
  socket.destroy()
  await closed
}

function leave(socket: Socket, reset: boolean): void {
  if (reset) socket.resetAndDestroy()
  else socket.end()
}

function post(fields: object): string {
  const body = JSON.stringify({ model: 'Qwen/Qwen3-Reranker-8B', query: 'a word', ...fields })
  return `${RIGHT}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
}

async function residentBytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024
}

async function rerank(url: string): Promise<Response> {
  return fetch(`${url}/v1/rerank`, {
    method: 'POST',
    headers: { authorization: 'Bearer right', 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'Qwen/Qwen3-Reranker-8B', query: 'q', documents: ['d'] }),
  })
}

async function gauge(url: string, name: string): Promise<number> {
  const outgoing = request(`${url}/metrics`, { agent: false }).end()
  const [response] = (await once(outgoing, 'response')) as [NodeJS.ReadableStream]
  return Number(new RegExp(`^nebius_rerank_${name} (.+)$`, 'm').exec(await text(response))?.[1])
}

/** Resolves when something is so; the test's own time is the limit. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await wait(50)
}
