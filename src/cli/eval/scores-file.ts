import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import type { ScoreStore, StoredScores } from '../../eval/index.ts'
import { property } from '../../shared/property.ts'
import { linesOf } from '../bulk/lines.ts'
import { openOutput } from '../bulk/output.ts'
import type { Shell } from '../terminal.ts'

/** Scores kept in a file as they come, each request's on a line of its own. */
export interface ScoresFile extends ScoreStore {
  close: () => Promise<void>
}

/**
 * Opens the file, which nobody else can open meanwhile. To be resumed, it may end in the middle of a line, as a run
 * that was killed leaves it. A request is known by a digest of its model and texts, so that scores of another model or
 * of other texts are never taken for it.
 *
 * @throws UsageError for a file that is not empty, unless it is to be resumed
 */
export async function openScores(path: string, resume: boolean, shell: Shell): Promise<ScoresFile> {
  const output = await openOutput(path, shell.stdout, { resume, retryFailed: false })
  const known = resume ? await readScores(path) : new Map<string, StoredScores>()
  return {
    get: (key) => known.get(digestOf(key)),
    async set(key, { results, tokens }) {
      await output.write({
        id: digestOf(key),
        results: results.map(({ index, score }) => ({ index, relevance_score: score })),
        usage: { total_tokens: tokens },
      })
    },
    close: () => output.close(),
  }
}

function digestOf(key: string): string {
  return createHash('sha256').update(key).digest('base64url')
}

async function readScores(path: string): Promise<Map<string, StoredScores>> {
  const known = new Map<string, StoredScores>()
  for await (const { text } of linesOf(createReadStream(path) as AsyncIterable<Buffer>)) {
    const line = JSON.parse(text) as { id: unknown; results: unknown; usage: unknown }
    const { id, results, usage } = line
    if (typeof id !== 'string' || !Array.isArray(results)) continue
    const read = results.map((result: unknown) => ({
      index: property(result, 'index'),
      score: property(result, 'relevance_score'),
    }))
    const isWhole = (each: (typeof read)[number]): each is StoredScores['results'][number] =>
      Number.isSafeInteger(each.index) && Number.isFinite(each.score)
    const tokens = property(usage, 'total_tokens')
    if (read.every(isWhole)) known.set(id, { results: read, tokens: typeof tokens === 'number' ? tokens : 0 })
  }
  return known
}
