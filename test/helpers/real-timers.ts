import { afterEach, vi } from 'vitest'

const REAL = { setTimeout, clearTimeout, setInterval, clearInterval, setImmediate, clearImmediate, Date }
const now = performance.now.bind(performance)

// Files share a process: a clock that one of them leaves standing would stop the next. A spy on a function of a standing
// clock puts it back when it is restored, so the real ones come last.
afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
  Object.assign(globalThis, REAL)
  performance.now = now
})
