import { expect, test } from 'vitest'
import { startRedisServer } from './redis-server.ts'

test('each Redis has a port of its own, and is gone when it is stopped', async () => {
  const [a, b] = await Promise.all([startRedisServer(), startRedisServer()])
  expect(a.port).not.toBe(b.port)
  await Promise.all([a.stop(), b.stop()])
})
