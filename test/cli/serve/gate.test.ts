import { describe, expect, test } from 'vitest'
import { createGate, isLoopback } from '../../../src/cli/serve/gate.ts'

describe('the gate', () => {
  test.each([
    { host: '127.0.0.1:8787' },
    { host: 'localhost:8787' },
    { host: '[::1]:8787' },
    { host: 'app.localhost' },
    { host: '192.0.2.7:8787' },
    { host: 'Reranker.test:8787' },
    { host: 'host.docker.internal' },
    { host: 'reranker.test', origin: 'http://reranker.test' },
    { host: 'reranker.test', origin: 'https://reranker.test' },
    { host: 'localhost:8787', origin: 'http://localhost:8787' },
    { host: 'localhost:8787', 'sec-fetch-site': 'same-origin' },
    { host: 'localhost:8787', 'sec-fetch-site': 'none' },
  ])('lets %j through', (headers) => {
    expect(createGate(['reranker.test', 'HOST.docker.internal'])(headers)).toBeUndefined()
  })

  test.each([
    {},
    { host: '' },
    { host: 'evil.test' },
    { host: 'evil.test:8787' },
    { host: 'localhost.evil.test' },
    { host: 'evil-localhost' },
    { host: '127.0.0.1.evil.test' },
    { host: 'evil.test#127.0.0.1' },
    { host: 'user@127.0.0.1' },
    { host: '127.0.0.1/x' },
    { host: 'x.proxy.test' },
    { host: 'proxy.test.evil.test' },
    { host: 'proxy.test', origin: 'https://evil.test' },
    { host: 'proxy.test', origin: 'https://localhost' },
    { host: 'localhost:8787', origin: 'null' },
    { host: 'localhost:8787', origin: 'http://localhost:3000' },
    { host: 'localhost:8787', origin: 'https://localhost:8787' },
    { host: 'localhost:8787', 'sec-fetch-site': 'cross-site' },
    { host: 'localhost:8787', 'sec-fetch-site': 'same-site' },
  ])('keeps %j out', (headers) => {
    expect(createGate(['127.0.0.1', 'proxy.test'])(headers)).toMatch(/\.$/)
  })
})

test.each(['127.0.0.1', '127.10.20.30', 'localhost', 'LOCALHOST', '::1', 'a.localhost'])(
  '%s is loopback',
  (host) => {
    expect(isLoopback(host)).toBe(true)
  },
)

test.each([
  ...['0.0.0.0', '::', '192.0.2.1', '128.0.0.1', 'evil-127.0.0.1', '2001:db8::1'],
  ...['127.0.0.1.evil.test', 'localhost.evil.test', 'evil-localhost'],
])('%s is not loopback', (host) => {
  expect(isLoopback(host)).toBe(false)
})
