import { fileURLToPath } from 'node:url'
import type { ViteUserConfig } from 'vitest/config'

/**
 * The settings of tests that have a folder and a package of their own. The names of their files end in `.spec.ts`, so
 * that the tests of the package itself, which are run without what that package brings, do not take them for theirs.
 *
 * @param config - The URL of the folder's `vitest.config.ts`.
 */
export function specsBeside(config: string, test: ViteUserConfig['test'] = {}): ViteUserConfig {
  return {
    root: fileURLToPath(new URL('.', config)),
    test: {
      include: ['*.spec.ts'],
      testTimeout: 30_000,
      hookTimeout: 60_000,
      ...test,
      // A key in the developer's environment must not decide a test, nor be printed by one.
      env: { NEBIUS_API_KEY: '', NEBIUS_BASE_URL: '', ...test.env },
    },
  }
}
