/** Relevance grades by query and document. */
export type Qrels = ReadonlyMap<string, ReadonlyMap<string, number>>

/** Scores by query and document. */
export type Run = ReadonlyMap<string, ReadonlyMap<string, number>>

/**
 * Reads judgments: TREC's four columns (query, iteration, document, grade), or BEIR's three (query, document, grade).
 * Columns are separated by blanks. A header line and blank lines are skipped. Grades are whole numbers.
 *
 * @example
 * const qrels = readQrels(await readFile('qrels.txt', 'utf8'))
 * @param name - The name of the file, for error messages.
 * @throws Error for an invalid line, or a document that a query judges twice.
 */
export function readQrels(text: string, name = 'qrels'): Qrels {
  return readTable(text, name, {
    columns: (fields) => {
      const [query, document, grade] =
        fields.length === 4 ? [fields[0], fields[2], fields[3]] : fields.length === 3 ? fields : []
      return { query, document, value: grade }
    },
    expected: 'a query, an iteration, a document and a grade, or without the iteration',
    isValue: (value) => /^[+-]?\d+$/.test(value),
    header: /^query[-_]?id\s/i,
  })
}

/**
 * Reads a run in TREC's six columns: query, Q0, document, rank, score and tag. The rank column is not used: documents
 * are ordered by score. Blank lines are skipped.
 *
 * @example
 * const run = readRun(await readFile('run.txt', 'utf8'))
 * @param name - The name of the file, for error messages.
 * @throws Error for an invalid line, or a document that a query has twice.
 */
export function readRun(text: string, name = 'run'): Run {
  return readTable(text, name, {
    columns: ([query, , document, , score, tag]) => ({
      query,
      document,
      value: tag === undefined ? undefined : score,
    }),
    expected: 'a query, Q0, a document, a rank, a score and a tag',
    isValue: (value) => value !== '' && Number.isFinite(Number(value)),
  })
}

/**
 * Writes a run in TREC's six columns, each query's documents in order.
 *
 * @example
 * await writeFile('run.trec', formatRun(evaluation.run, 'reranked'))
 * @param tag - The name of the run, for the last column. Blanks become underscores.
 * @throws TypeError for an id that contains a blank, which the format does not allow.
 */
export function formatRun(run: Run, tag: string): string {
  const word = tag.trim().replace(/\s+/g, '_') || 'run'
  const lines: string[] = []
  for (const [query, scores] of run) {
    inOrder(scores).forEach((document, place) => {
      const odd = [query, document].find((id) => id === '' || /\s/.test(id))
      if (odd !== undefined) {
        throw new TypeError(
          `ids in a TREC run must not be empty or contain blanks, got ${JSON.stringify(odd)}`,
        )
      }
      lines.push(`${query} Q0 ${document} ${place + 1} ${scores.get(document) ?? 0} ${word}\n`)
    })
  }
  return lines.join('')
}

/**
 * Sorts the documents of a query by score, best first. Documents with equal scores are sorted by id, in descending order,
 * as in trec_eval.
 *
 * @example
 * inOrder(new Map([['a', 0.5], ['b', 0.5], ['c', 0.9]])) // ['c', 'b', 'a']
 */
export function inOrder(scores: ReadonlyMap<string, number>): string[] {
  return [...scores]
    .sort(([idA, scoreA], [idB, scoreB]) => scoreB - scoreA || compareBytes(idB, idA))
    .map(([id]) => id)
}

interface Table {
  columns: (fields: readonly string[]) => Partial<Record<'query' | 'document' | 'value', string | undefined>>
  expected: string
  isValue: (value: string) => boolean
  header?: RegExp
}

function readTable(text: string, name: string, { columns, expected, isValue, header }: Table): Qrels {
  const table = new Map<string, Map<string, number>>()
  let isFirst = true
  text.split('\n').forEach((raw, index) => {
    const line = raw.replace(/^\uFEFF/, '').trim()
    if (line === '') return
    const isHeader = isFirst && header?.test(line) === true
    isFirst = false
    if (isHeader) return
    const { query, document, value } = columns(line.split(/\s+/))
    if (query === undefined || document === undefined || value === undefined || !isValue(value)) {
      throw new Error(`${name}:${index + 1} must have ${expected}, got ${JSON.stringify(line.slice(0, 80))}`)
    }
    const row = table.get(query) ?? new Map<string, number>()
    if (row.has(document)) {
      throw new Error(`${name}:${index + 1} has document ${document} of query ${query} for the second time`)
    }
    table.set(query, row.set(document, Number(value)))
  })
  return table
}

/** Compares by UTF-8, like trec_eval's strcmp. UTF-16 sorts characters above U+FFFF before U+E000. */
function compareBytes(a: string, b: string): number {
  const end = Math.min(a.length, b.length)
  for (let at = 0; at < end; at++) {
    const [unitA, unitB] = [a.charCodeAt(at), b.charCodeAt(at)]
    if (unitA !== unitB) return weight(unitA) - weight(unitB)
  }
  return a.length - b.length
}

function weight(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit
}
