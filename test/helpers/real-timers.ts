import { afterEach, vi } from 'vitest'

// Files share a process: a clock that one of them leaves standing would stop the next.
afterEach(() => void vi.useRealTimers())
