import { existsSync, readdirSync } from 'node:fs'

/** @typedef {{ mutate: string[], tests: string[] }} Wing */

/**
 * What is mutated, and the tests that are to notice: those of the same part, which is stricter than all, and sooner
 * done. vitest.config.ts leaves out of them what takes seconds, since it would run for every mutant: what waits in real
 * time, starts processes, simulates a service, or tries everything at once.
 *
 * @type {{ [name: string]: Wing | undefined }}
 */
export const WINGS = {
  client: { mutate: inside('src'), tests: ['test/*.test.ts'] },
  bulk: { mutate: inside('src/bulk'), tests: ['test/bulk/*.test.ts'] },
  local: { mutate: inside('src/local'), tests: ['test/local/*.test.ts'] },
  command: { mutate: inside('src/cli'), tests: ['test/cli/*.test.ts'] },
  contract: folders('contract'),
  codegen: folders('codegen', 'report', 'lib', 'fetch'),
  diff: folders('diff', 'drift'),
  release: folders('release', 'cli'),
}

/** What is run comes by the environment, which all of Stryker's processes share: a wing, and of it some files or all. */
export const NAME = process.env['WING'] ?? 'client'
export const FILES = process.env['FILES']?.split(',') ?? WINGS[NAME]?.mutate ?? []

/**
 * The modules of a folder, but for those that only declare, export, or start a process.
 *
 * @param {string} folder
 */
function inside(folder) {
  return modulesIn(folder).filter((path) => !/\/(index|types)\.ts$|^src\/pace\.ts$/.test(path))
}

/**
 * @param {string[]} names files and folders of the pipeline
 * @returns {Wing}
 */
function folders(...names) {
  const paths = names.map((name) => `scripts/spec/${name}`)
  return {
    mutate: paths
      .flatMap((path) => [`${path}.ts`, ...modulesIn(path, { recursive: true })])
      .filter(existsSync),
    tests: paths.flatMap((path) => [`test/${path}.test.ts`, `test/${path}/**/*.test.ts`]),
  }
}

/**
 * @param {string} folder
 * @param {{ recursive?: boolean }} options
 */
function modulesIn(folder, { recursive = false } = {}) {
  if (!existsSync(folder)) return []
  const names = readdirSync(folder, { recursive, encoding: 'utf8' })
  return names
    .filter((name) => name.endsWith('.ts'))
    .map((name) => `${folder}/${name.replaceAll('\\', '/')}`)
    .sort()
}
