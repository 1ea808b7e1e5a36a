// No regular expression takes longer than linear time, whatever text it meets: recheck judges all of src/ and scripts/. One
// that is put together when it is used is judged with a word in each gap.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkSync, type Diagnostics } from 'recheck'
import ts from 'typescript'

/** A regular expression and its location. */
interface Found {
  readonly place: string
  readonly source: string
  readonly flags: string
}

const files = ['src', 'scripts'].flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.[jt]s$/.test(name))
    .map((name) => join(folder, name)),
)
const found = files.flatMap(expressionsIn)
for (const { place, source, flags } of found) {
  const judged = checkSync(source, flags, { timeout: 30_000 })
  if (judged.status === 'safe' || isFoundInVain(judged, new RegExp(source, flags))) continue
  console.error(`${place}: /${source}/${flags} ${problemOf(judged)}`)
  process.exitCode = 1
}
console.log(`${found.length} regular expressions judged`)

/**
 * Tells whether an attack that fuzzing found is none: it counts steps of recheck's own engine, for as long as it has time.
 * On the real one, a text four times as long would take sixteen times as long.
 */
function isFoundInVain(judged: Exclude<Diagnostics, { status: 'safe' }>, expression: RegExp): boolean {
  if (judged.status === 'unknown' || judged.checker !== 'fuzz') return false
  const { pumps, suffix, base } = judged.attack
  const timeOf = (repeats: number): number => {
    const text = pumps.map(({ prefix, pump, bias }) => prefix + pump.repeat(repeats + bias)).join('') + suffix
    const times = Array.from({ length: 5 }, () => {
      const started = performance.now()
      text.replace(expression, '')
      return performance.now() - started
    })
    return Math.min(...times)
  }
  return timeOf(base) < 8 * timeOf(base / 4)
}

function problemOf(judged: Exclude<Diagnostics, { status: 'safe' }>): string {
  if (judged.status === 'unknown') return `can't be judged: ${judged.error.kind}`
  return `takes time by a ${judged.complexity.summary}, as for ${judged.attack.pattern}`
}

function expressionsIn(path: string): Found[] {
  const file = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true)
  const all: Found[] = []
  const visit = (node: ts.Node): void => {
    const expression = expressionOf(node)
    const { line } = file.getLineAndCharacterOfPosition(node.getStart(file))
    if (expression) all.push({ place: `${path}:${line + 1}`, ...expression })
    ts.forEachChild(node, visit)
  }
  visit(file)
  return all
}

function expressionOf(node: ts.Node): Omit<Found, 'place'> | undefined {
  if (ts.isRegularExpressionLiteral(node)) {
    const end = node.text.lastIndexOf('/')
    return { source: node.text.slice(1, end), flags: node.text.slice(end + 1) }
  }
  const isConstructed =
    (ts.isNewExpression(node) || ts.isCallExpression(node)) && node.expression.getText() === 'RegExp'
  const [pattern, flags] = (isConstructed ? node.arguments : undefined) ?? []
  const source = pattern && textOf(pattern)
  // A pattern that is a value, one of a contract say, is for who runs it to bound.
  return source === undefined ? undefined : { source, flags: (flags && textOf(flags)) ?? '' }
}

function textOf(node: ts.Expression): string | undefined {
  if (ts.isStringLiteralLike(node)) return node.text
  if (!ts.isTemplateExpression(node)) return undefined
  return node.head.text + node.templateSpans.map(({ literal }) => `word${literal.text}`).join('')
}
