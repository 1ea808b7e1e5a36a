import { once } from 'node:events'
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { afterAll, describe, expect, it } from 'vitest'
import { readUpstream } from '../../scripts/spec/fetch.ts'
import { intercept, nock } from '../helpers/nock.ts'
import { body, redirect, serveUpstream, status, type Answer } from '../helpers/upstream-server.ts'

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

  it.each([500, 502, 503, 599, 408, 425, 429])('after two answers of %d', async (code) => {
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

  it.each<readonly [what: string, cut: Answer]>([
    ['without a length', inOldHttp(JSON_TEXT.slice(0, -5))],
    ['without a length, in the middle of a character', inOldHttp(Buffer.from('{"a":"é').subarray(0, -1))],
    ['without a length, before it began', inOldHttp('')],
    ['with a length', inOldHttp(JSON_TEXT.slice(0, -5), `content-length: ${JSON_TEXT.length}\r\n`)],
    ['in gzip', packed(gzipSync(JSON_TEXT).subarray(0, -12))],
    ['in gzip, but for its checksum', packed(gzipSync(JSON_TEXT.repeat(9)).subarray(0, 20))],
    ['in brotli', packed(brotliCompressSync(JSON_TEXT).subarray(0, -4), 'br')],
    ['in deflate', packed(deflateSync(JSON_TEXT).subarray(0, -6), 'deflate')],
    ['in chunks', (response) => response.write('{"openapi"', () => response.destroy())],
  ])('after a body that was cut off %s', async (_, cut) => {
    const server = await serveUpstream(cut, cut, body(JSON_TEXT))
    await expect(readUpstream(server.url, atOnce)).resolves.toEqual(DOCUMENT)
    expect(server.requests).toHaveLength(3)
  })

  it.each([
    ['seconds', { 'retry-after': '7' }, 7_000],
    ['fractions of seconds', { 'retry-after': '0.5' }, 500],
    ['a date, by the clock of the server', { 'retry-after': at(9), date: at(0) }, 9_000],
    ['zero, which names no wait', { 'retry-after': '0' }, 500],
    ['next to nothing', { 'retry-after': '0.001' }, 500],
    ['a date that has passed', { 'retry-after': at(0), date: at(9) }, 500],
    ['a negative number', { 'retry-after': '-3' }, 500],
    ['words', { 'retry-after': 'soon' }, 500],
    ['a number too large to be one', { 'retry-after': '1e9' }, 500],
  ])('after the wait that it asks for in %s', async (_, headers, expected) => {
    const { url } = await serveUpstream((response) => response.writeHead(429, headers).end(), body(JSON_TEXT))
    const waits: number[] = []
    const wait = async (milliseconds: number): Promise<number> => waits.push(milliseconds)
    await readUpstream(url, { wait })
    expect(waits).toEqual([expected])
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
      'trying again: it responded with 503',
      'trying again: it responded with 503',
    ])
  })
})

describe('gives up on a server', () => {
  it.each([400, 401, 403, 404, 304])('that answers %d, at once', async (code) => {
    const server = await serveUpstream(status(code))
    await expect(readUpstream(server.url, atOnce)).rejects.toThrow(
      `cannot use ${server.url}/: it responded with ${code}`,
    )
    expect(server.requests).toHaveLength(1)
  })

  it('that answers 503 three times', async () => {
    const server = await serveUpstream(status(503))
    await expect(readUpstream(server.url, atOnce)).rejects.toThrow('it responded with 503, after 3 tries')
    expect(server.requests).toHaveLength(3)
  })

  it('that asks for a longer wait than there is time', async () => {
    const server = await serveUpstream((response) => response.writeHead(503, { 'retry-after': '120' }).end())
    await expect(readUpstream(server.url, atOnce)).rejects.toThrow(
      'it responded with 503 and asks to wait 120 s, longer than the 30 s allowed in all',
    )
    expect(server.requests).toHaveLength(1)
  })

  it.each([
    ['half a JSON', '{"openapi":', /it is cut off at position 11, after "\{\\"openapi\\":", after 3 tries$/],
    ['nothing', '', 'it is empty, after 3 tries'],
  ])('that sends %s three times', async (_, text, message) => {
    const server = await serveUpstream(body(text))
    await expect(readUpstream(server.url, atOnce)).rejects.toThrow(message)
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
    ['nowhere', 'http://', 'it redirects without a location'],
  ])('that redirects to %s', async (_, location, message) => {
    const { url } = await serveUpstream(redirect(location))
    await expect(readUpstream(url)).rejects.toThrow(message)
  })
})

describe('over https', () => {
  intercept()

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
    [
      'JSON with a comma too many',
      '{"openapi":"3.1.0",}',
      / at position 19.*, after "\{\\"openapi\\":\\"3\.1\.0\\","$/,
    ],
    ['YAML', 'openapi: 3.1.0\ninfo:', /: it is YAML; name the JSON of the same document, or convert it$/],
    ['YAML with a marker', '---\nopenapi: 3.1.0', 'it is YAML'],
    ['YAML with a comment', '# An API\nopenapi: 3.1.0', 'it is YAML'],
    ['YAML with a directive', '%YAML 1.2\n---\n', 'it is YAML'],
    ['YAML with quotes', '"openapi": "3.1.0"\n', 'it is YAML'],
    ['plain words', 'not found', /it is not JSON: unexpected "o" at position 1, after "n"$/],
    ['UTF-16', Buffer.from('{}', 'utf16le').subarray(0, 3), 'it is UTF-16 text; convert it to UTF-8'],
    ['UTF-16 behind a byte order mark', Buffer.from('\ufeff{}', 'utf16le'), 'it is UTF-16 text'],
    ['UTF-16, the other way round', Buffer.from('\ufeff{}', 'utf16le').swap16(), 'it is UTF-16 text'],
    ['UTF-32', Buffer.from([0xff, 0xfe, 0, 0, 0x7b, 0, 0, 0]), 'it is UTF-32 text'],
    ['gzip that no header names', gzipSync(JSON_TEXT), /: it is gzip data, not JSON; unpack it first$/],
    ['zstd that nobody unpacked', Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0]), 'it is zstd data'],
    ['bytes that are no text', Buffer.from([0x7b, 0xff, 0xfe]), 'it is not UTF-8 text'],
    [
      'JSON with a mistake far from its start',
      `{"a":"${'x'.repeat(60)}",}`,
      /JSON: unexpected "\}" at position 68, after "x{38}\\","$/,
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

  it.each([
    ['cut off', '{"openapi":', 'it is cut off at position 11'],
    ['empty', '', 'it is empty'],
    ['YAML', 'openapi: 3.1.0', 'it is YAML'],
  ])('that is %s is refused', async (_, text, message) => {
    writeFileSync(path, text)
    await expect(readUpstream(path)).rejects.toThrow(`cannot use ${path}: ${message}`)
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

/** A body whose end is that of the connection, as in HTTP/1.0. */
function inOldHttp(text: string | Uint8Array, headers = ''): Answer {
  return ({ socket }) => {
    socket?.write(`HTTP/1.0 200 OK\r\n${headers}\r\n`)
    socket?.end(text)
  }
}

function packed(bytes: Uint8Array, encoding = 'gzip'): Answer {
  return (response) => response.writeHead(200, { 'content-encoding': encoding }).end(bytes)
}

/** A date of HTTP, some seconds after another. */
function at(seconds: number): string {
  return new Date(Date.UTC(2030, 0, 1, 0, 0, seconds)).toUTCString()
}

/** A port of this machine at which nobody listens any more. */
async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address ? address.port : expect.fail()
}
