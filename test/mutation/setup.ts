import { configureGlobal } from 'fast-check'
import { beforeEach, inject, vi } from 'vitest'

declare module 'vitest' {
  interface ProvidedContext {
    mode: 'dry-run' | 'mutant' | undefined
    mutantActivation: 'static' | 'runtime' | undefined
  }
}

// The process stays from one mutant to the next: what Stryker left in it must not.
const stryker = (globalThis as Record<string, unknown>)['__stryker__'] as Record<string, unknown> | undefined
if (stryker) {
  stryker['mutantCoverage'] = undefined
  if (inject('mutantActivation') !== 'static') stryker['activeMutant'] = undefined
}

// A property that a mutant breaks is broken soon.
configureGlobal({ numRuns: 20 })

// A test that a mutant hangs fails in time, or Stryker would have to start all anew.
if (inject('mode') === 'mutant') vi.setConfig({ testTimeout: 3_000, hookTimeout: 3_000 })

// It imports the client anew, and would have to notice by itself every mutant of what is evaluated on import.
beforeEach(({ skip, task }) => skip(task.name === 'holds for errors of another copy of the package'))
