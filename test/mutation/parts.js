import { existsSync, readdirSync } from 'node:fs'

/** Parts of the code by name: the folders that are mutated, each judged by the tests of its mirror in `test/`. */
const FOLDERS = {
  client: ['api', 'errors', 'http', 'limiter', 'middleware', 'options', 'rank', 'shared'].map(
    (folder) => `src/${folder}`,
  ),
  bulk: ['src/bulk'],
  eval: ['src/eval'],
  local: ['src/local'],
  cli: ['src/cli'],
  ...Object.fromEntries(
    foldersIn('scripts/spec').map((folder) => [`spec-${folder}`, [`scripts/spec/${folder}`]]),
  ),
}

/** The part whose mutants are those of tables, each of which runs all of its tests. */
export const TABLES = 'tables'

/** @type {{ [name: string]: { mutate: string[], tests: string[] } | undefined }} */
export const PARTS = {
  ...Object.fromEntries(
    Object.entries(FOLDERS).map(([name, folders]) => [
      name,
      {
        mutate: folders.map((folder) => `${folder}/**/!(index|types).ts`),
        tests: folders.map((folder) => `test/${folder.replace(/^(?:src|scripts)\//, '')}/**/*.test.ts`),
      },
    ]),
  ),
  // What is evaluated on import: the tables that decide verdicts.
  [TABLES]: {
    mutate: ['schema/keywords', 'schema/own-keywords', 'contract/vocabulary', 'contract/holds'].map(
      (name) => `scripts/spec/${name}.ts`,
    ),
    tests: ['diff', 'contract', 'schema'].map((folder) => `test/spec/${folder}/**/*.test.ts`),
  },
}

/** The part that runs: all processes of a run share it by the environment. */
export const NAME = process.env['PART'] ?? 'client'

/** @param {string} folder */
function foldersIn(folder) {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
}
