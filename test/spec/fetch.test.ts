import { once } from 'node:events'
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import nock from 'nock'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { readUpstream } from '../../scripts/spec/fetch.ts'
import { body, redirect, serveUpstream, status } from '../helpers/upstream-server.ts'

const DOCUMENT = { openapi: '3.1.0' }
const JSON_TEXT = JSON.stringify(DOCUMENT)
const MIB = 1024 * 1024
const atOnce = { wait: async (): Promise<void> => undefined }

describe('reads from a server', () => {
  it.each(['application/json', 'text/html', 'application/octet-stream', ''])(
    'JSON that is called "%s"',
    async (type) => {
      const { url } = await serveUpstream(body(JSON_TEXT, type))
      await expect(readUpstream(`${url}/openapi.json`)).resolves.toEqual(DOCUMENT)
    },
  )

  it('the last of two values by one name', async () => {
    const { url } = await serveUpstream(body('{"openapi":"2.0","openapi":"3.1.0"}'))
    await expect(readUpstream(url)).resolves.toEqual(DOCUMENT)
  })

  it('JSON behind a byte order mark', async () => {
    const { url } = await serveUpstream(body(`\ufeff${JSON_TEXT}`))
    await expect(readUpstream(url)).resolves.toEqual(DOCUMENT)
  })

  it('through three redirects on the host', async () => {
    const server = await serveUpstream(
      redirect('/a', 301),
      redirect('b', 307),
      redirect('/c', 308),
      body(JSON_TEXT),
    )
    await expect(readUpstream(server.url)).resolves.toEqual(DOCUMENT)
    expect(server.requests).toEqual(['/', '/a', '/b', '/c'])
  })

  it.each([500, 502, 503, 429])('after two answers of %d', async (code) => {
    const server = await serveUpstream(status(code), status(code), body(JSON_TEXT))
    await expect(readUpstream(server.url, atOnce)).resolves.toEqual(DOCUMENT)
    expect(server.requests).toHaveLength(3)
  })

  it('after a connection that broke', async () => {
    const { url } = await serveUpstream((response) => response.destroy(), body(JSON_TEXT))
    await expect(readUpstream(url, atOnce)).resolves.toEqual(DOCUMENT)
  })

  it('after a body that broke', async () => {
    const { url } = await serveUpstream((response) => {
      response.writeHead(200, { 'content-length': 1_000 })
      response.write('{', () => response.destroy())
    }, body(JSON_TEXT))
    await expect(readUpstream(url, atOnce)).resolves.toEqual(DOCUMENT)
  })

  it('waiting longer before each try, and saying what it does', async () => {
    const { url } = await serveUpstream(status(503), status(503), body(JSON_TEXT))
    const waits: number[] = []
    const lines: string[] = []
    const wait = async (milliseconds: number): Promise<number> => waits.push(milliseconds)
    await readUpstream(`${url}/a?key=secret`, { wait, progress: (line) => lines.push(line) })
    expect(waits).toEqual([500, 1_000])
    expect(lines).toEqual([
      `reading ${url}/a`,
      'trying again: it answered 503',
      'trying again: it answered 503',
    ])
  })
})

describe('gives up on a server', () => {
  it.each([400, 401, 403, 404, 304])('that answers %d, at once', async (code) => {
    const server = await serveUpstream(status(code))
    await expect(readUpstream(server.url, atOnce)).rejects.toThrow(
      `cannot use ${server.url}/: it answered ${code}`,
    )
    expect(server.requests).toHaveLength(1)
  })

  it('that answers 503 three times', async () => {
    const server = await serveUpstream(status(503))
    await expect(readUpstream(server.url, atOnce)).rejects.toThrow('it answered 503, after 3 tries')
    expect(server.requests).toHaveLength(3)
  })

  it('that has ended, in the system’s words', async () => {
    const port = await closedPort()
    await expect(readUpstream(`http://127.0.0.1:${port}/`, atOnce)).rejects.toMatchObject({
      message: `cannot use http://127.0.0.1:${port}/: the network failed: connect ECONNREFUSED 127.0.0.1:${port}, after 3 tries`,
      cause: { cause: { cause: { message: 'fetch failed' } } },
    })
  })

  it('of this machine by IPv6 like any other', async () => {
    await expect(readUpstream(`http://[::1]:${await closedPort()}/`, atOnce)).rejects.toThrow(
      'the network failed',
    )
  })

  it('that nobody runs', async () => {
    await expect(readUpstream('http://127.0.0.1:1/', atOnce)).rejects.toThrow(
      /cannot use http:\/\/127\.0\.0\.1:1\/: the network failed: .+, after 3 tries/,
    )
  })

  it.each([
    ['headers', (): void => undefined],
    ['a body', (response: { write: (text: string) => unknown }): void => void response.write('{')],
  ])('that never sends %s', async (_, stall) => {
    const { url } = await serveUpstream(stall)
    await expect(readUpstream(url, { timeoutMs: 50 })).rejects.toThrow('it took longer than 0.05 s')
  })

  it('when the time runs out between tries', async () => {
    const { url } = await serveUpstream(status(503))
    await expect(readUpstream(url, { timeoutMs: 50 })).rejects.toThrow('it took longer than 0.05 s')
  })

  it('that redirects a fourth time', async () => {
    const server = await serveUpstream(redirect('/again'))
    await expect(readUpstream(server.url)).rejects.toThrow('it redirects more than 3 times')
    expect(server.requests).toHaveLength(4)
  })

  it.each([
    ['another host', 'https://example.com/', 'it redirects to another host, "example.com"'],
    ['another port', 'http://127.0.0.1:1/', 'it redirects to another host, "127.0.0.1:1"'],
    ['plain http', 'http://example.com/', 'only https is accepted'],
    ['a file', 'file:///etc/passwd', 'only https is accepted'],
    ['credentials', 'https://user:secret@example.com/', 'a URL with credentials is not accepted'],
    ['nowhere', 'http://', 'it redirects to nowhere'],
  ])('that redirects to %s', async (_, location, message) => {
    const { url } = await serveUpstream(redirect(location))
    await expect(readUpstream(url)).rejects.toThrow(message)
  })
})

describe('over https', () => {
  afterEach(() => nock.cleanAll())
  afterAll(() => nock.restore())

  it('a redirect may not leave https', async () => {
    nock('https://localhost').get('/a').reply(302, '', { location: 'http://localhost/b' })
    await expect(readUpstream('https://localhost/a')).rejects.toThrow('it redirects away from https')
  })

  it('any host will do', async () => {
    nock('https://example.com').get('/a').reply(200, DOCUMENT)
    await expect(readUpstream('https://example.com/a')).resolves.toEqual(DOCUMENT)
  })
})

describe('refuses an address', () => {
  it.each([
    ['plain http', 'http://example.com/openapi.json', 'only https is accepted, or http on this machine'],
    ['a name that looks local', 'http://localhost.example.com/', 'only https is accepted'],
    ['an address that looks local', 'http://127.0.0.1.example.com/', 'only https is accepted'],
    ['another scheme', 'ftp://example.com/', 'only https is accepted'],
    ['a scheme with a digit', 'h2://example.com/', 'only https is accepted'],
    ['no host', 'https://', 'cannot use the URL: it is not a valid URL'],
  ])('of %s', async (_, source, message) => {
    await expect(readUpstream(source)).rejects.toThrow(message)
  })

  it('with credentials, without printing them', async () => {
    const refused = readUpstream('https://user:secret@example.com/openapi.json?key=secret#secret')
    await expect(refused).rejects.toThrow(
      'cannot use https://example.com/openapi.json: a URL with credentials',
    )
    await expect(refused).rejects.not.toThrow('secret')
  })
})

describe('refuses an answer', () => {
  it.each([
    ['HTML', '<!doctype html><title>Sign in</title>', 'HTML came instead of JSON'],
    ['HTML after a blank line', '\n <html>', 'HTML came instead of JSON'],
    ['nothing', '', 'it is empty'],
    [
      'half a JSON',
      '{"openapi":',
      /it is not JSON: Unexpected end of JSON input at position 11, after "\{\\"openapi\\":"$/,
    ],
    [
      'JSON with a comma too many',
      '{"openapi":"3.1.0",}',
      / at position 19.*, after "\{\\"openapi\\":\\"3\.1\.0\\","$/,
    ],
    ['YAML', 'openapi: 3.1.0\ninfo:', /it is not JSON: Unexpected token 'o', "openapi: 3/],
    ['UTF-16', Buffer.from('{}', 'utf16le').subarray(0, 3), 'it is not JSON'],
    ['bytes that are no text', Buffer.from([0x7b, 0xff, 0xfe]), 'it is not UTF-8 text'],
    [
      'JSON with a mistake far from its start',
      `{"a":"${'x'.repeat(60)}",}`,
      /JSON:(?:(?! at position).)* at position 68(?!.* at position).*, after "x{38}\\","$/,
    ],
  ])('of %s', async (_, text, message) => {
    const server = await serveUpstream(body(text))
    await expect(readUpstream(server.url)).rejects.toThrow(message)
    expect(server.requests).toHaveLength(1)
  })

  it('that grows past the limit', async () => {
    const { url, requests } = await serveUpstream(body(' '.repeat(MIB + 1)))
    await expect(readUpstream(url, { ...atOnce, maxBytes: MIB })).rejects.toThrow(
      `cannot use ${url}/: it is larger than 1 MiB`,
    )
    expect(requests).toHaveLength(1)
  })

  it('that unpacks past the limit', async () => {
    const packed = gzipSync(Buffer.alloc(2 * MIB, ' '))
    const { url } = await serveUpstream((response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(packed),
    )
    await expect(readUpstream(url, { maxBytes: MIB })).rejects.toThrow('it is larger than 1 MiB')
  })

  it('up to the limit it takes', async () => {
    const { url } = await serveUpstream(body(JSON_TEXT.padEnd(MIB)))
    await expect(readUpstream(url, { maxBytes: MIB })).resolves.toEqual(DOCUMENT)
  })
})

describe('a file', () => {
  const directory = mkdtempSync(join(tmpdir(), 'upstream-'))
  const path = join(directory, 'openapi.json')
  afterAll(() => rmSync(directory, { recursive: true }))

  it('is read', async () => {
    writeFileSync(path, JSON_TEXT)
    await expect(readUpstream(path)).resolves.toEqual(DOCUMENT)
  })

  it('may not be larger than 32 MiB', async () => {
    writeFileSync(path, '')
    truncateSync(path, 32 * MIB + 1)
    await expect(readUpstream(path)).rejects.toThrow(`cannot use ${path}: it is larger than 32 MiB`)
  })

  it('must be there', async () => {
    await expect(readUpstream(join(directory, 'missing.json'))).rejects.toThrow(
      /^cannot use [^:]+missing\.json: there is no such file$/,
    )
  })

  it('must not be a directory', async () => {
    await expect(readUpstream(directory)).rejects.toThrow('it is not a file')
  })

  it('must not be a device', async () => {
    await expect(readUpstream('/dev/zero')).rejects.toThrow('it is not a file')
  })
})

/** A port of this machine at which nobody listens any more. */
async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address ? address.port : expect.fail()
}
