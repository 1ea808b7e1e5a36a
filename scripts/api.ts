// npm run api: writes the public surface of each entry to api/, from the declarations that are packed, so that a change
// of it shows in review. With --check it fails where they differ, and with --since REF where a changed surface
// has no changeset.
import { execFileSync } from 'node:child_process'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { format, resolveConfig } from 'prettier'
import ts from 'typescript'
import manifest from '../package.json' with { type: 'json' }

const HEADER = '// The public API, written by `npm run api`. Any change to it needs a changeset.\n\n'

const { values } = parseArgs({ options: { check: { type: 'boolean' }, since: { type: 'string' } } })
const reports = await readReports()
const complaints = values.check ? [...(await differing(reports)), ...undeclared(values.since)] : []
if (!values.check) await writeReports(reports)
for (const complaint of complaints) console.error(complaint)
if (complaints.length > 0) process.exitCode = 1

/** The report of each entry, by the name of its file. */
async function readReports(): Promise<Map<string, string>> {
  const reports = new Map<string, string>()
  for (const [path, target] of Object.entries(manifest.exports)) {
    if (typeof target === 'string') continue
    const declarations = await readFile(target.import.types, 'utf8')
    reports.set(`${path.slice(2) || 'index'}.d.ts`, await reportOf(declarations))
  }
  return reports
}

/** Declarations without comments, in the order of their names: moving code about changes nothing. */
async function reportOf(declarations: string): Promise<string> {
  const file = ts.createSourceFile('entry.d.ts', declarations, ts.ScriptTarget.Latest)
  const printer = ts.createPrinter({ removeComments: true })
  const statements = file.statements
    .map((statement) => ({
      name: nameOf(statement),
      text: printer.printNode(ts.EmitHint.Unspecified, statement, file),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : Number(a.name > b.name)))
  const text = statements.map((statement) => statement.text).join('\n\n')
  return format(HEADER + text, { ...(await resolveConfig('api/index.d.ts')), parser: 'typescript' })
}

/** Imports come first, the list of exports last. */
function nameOf(statement: ts.Statement): string {
  if (ts.isImportDeclaration(statement)) return ''
  if (ts.isVariableStatement(statement)) return nameText(statement.declarationList.declarations[0]?.name)
  return 'name' in statement ? nameText(statement.name) : '\uffff'
}

function nameText(name: unknown): string {
  return typeof name === 'object' && name !== null && 'text' in name ? String(name.text) : ''
}

async function writeReports(reports: ReadonlyMap<string, string>): Promise<void> {
  await mkdir('api', { recursive: true })
  for (const [name, text] of reports) {
    const before = await readFile(`api/${name}`, 'utf8').catch(() => undefined)
    if (before !== text) await writeFile(`api/${name}`, text)
    console.log(
      `${name.replace('.d.ts', '')}: ${before === text ? 'as it was' : `api/${name} differs, see git diff`}`,
    )
  }
}

async function differing(reports: ReadonlyMap<string, string>): Promise<string[]> {
  const complaints: string[] = []
  for (const [name, text] of reports) {
    const committed = await readFile(`api/${name}`, 'utf8').catch(() => '')
    if (committed !== text) complaints.push(`api/${name} differs from what is built: run \`npm run api\``)
  }
  const extra = (await readdir('api')).filter((name) => !reports.has(name))
  return [...complaints, ...extra.map((name) => `api/${name} belongs to no entry`)]
}

/** Reports an API report that has changed since a commit without a changeset. */
function undeclared(since: string | undefined): string[] {
  if (since === undefined) return []
  const surface = pathsSince(since, 'ADMR').filter((path) => path.startsWith('api/'))
  const isChangeset = (path: string): boolean => /^\.changeset\/(?!README).+\.md$/.test(path)
  if (surface.length === 0 || pathsSince(since, 'AM').some(isChangeset)) return []
  return [`${surface.join(', ')} changed without a changeset: run \`npx changeset\``]
}

/** The files that were added (A), deleted (D), modified (M) or renamed (R) since a commit. */
function pathsSince(since: string, changes: string): string[] {
  const args = ['diff', '--name-only', `--diff-filter=${changes}`, `${since}...HEAD`]
  return execFileSync('git', args, { encoding: 'utf8' }).split('\n')
}
