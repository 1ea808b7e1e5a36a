import http from 'node:http'
import https from 'node:https'
import { afterAll, afterEach, expect, vi } from 'vitest'

// Files share a process. What one of them replaces in it and doesn't put back would decide the tests of the next.
const REAL = { setTimeout, clearTimeout, setInterval, clearInterval, setImmediate, clearImmediate, Date }
const now = performance.now.bind(performance)
const network = (): Record<string, unknown> => ({
  'globalThis.fetch': globalThis.fetch,
  'http.request': http.request,
  'http.get': http.get,
  'http.ClientRequest': http.ClientRequest,
  'https.request': https.request,
  'https.get': https.get,
})
const REAL_NETWORK = network()

// A spy on a function of a standing clock puts it back when it is restored, so the real ones come last.
afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
  Object.assign(globalThis, REAL)
  performance.now = now
})

afterAll(() => {
  vi.unstubAllGlobals()
  const replaced = Object.entries(network()).filter(([name, now]) => now !== REAL_NETWORK[name])
  expect(
    replaced.map(([name]) => name),
    'functions of the network that the file leaves replaced',
  ).toEqual([])
})
