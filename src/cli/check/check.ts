import { createMask } from '../../shared/mask.ts'
import { numberFlag, readFlags, SHARED_FLAGS } from '../flags.ts'
import { isColoured, UsageError, variable, writeLines } from '../terminal.ts'
import type { Shell } from '../terminal.ts'
import { printable } from '../text.ts'
import { findings } from './findings.ts'
import type { Finding } from './finding.ts'
import { probe } from './probe.ts'
import { proxyFinding } from './proxy.ts'

/** The text of `nebius-rerank check --help`. */
export const CHECK_HELP = `Usage: nebius-rerank check [options]

Checks whether reranking works from this machine, and says what to do if it does not. It prints a line for the key, the
host, the model, an obvious ranking, tokens, limits, the clock, the spec and the proxy. It uses about 200 tokens.

  --model ID         default: Qwen/Qwen3-Reranker-8B
  --base-url URL     default: NEBIUS_BASE_URL, or the public service
  --timeout SECONDS  the longest wait for each response; default: 10
  --json             print the result as JSON

  --debug            show the stack of an error
  -h, --help         show this text

The key is read from NEBIUS_API_KEY. The command can also check other servers with POST /v1/rerank, such as vLLM and
llama.cpp.

Examples
  nebius-rerank check
  nebius-rerank check --base-url http://localhost:8000 --model BAAI/bge-reranker-v2-m3
  nebius-rerank check --json | jq '.checks[] | select(.state == "failed")'

Exit codes: 0 all checks passed, 1 a check failed, 2 wrong options.`

/** Checks that reranking works, and prints the findings. */
export async function checkCommand(shell: Shell): Promise<number> {
  const { values, positionals } = readFlags(shell.args, {
    ...SHARED_FLAGS,
    model: { type: 'string' },
    'base-url': { type: 'string' },
    timeout: { type: 'string' },
    json: { type: 'boolean', default: false },
  })
  if (positionals.length > 0) throw new UsageError('check takes options only; see nebius-rerank check --help')
  const seconds = numberFlag('timeout', values.timeout, { least: 0.001, most: 600, unit: 'seconds' }) ?? 10
  const apiKey = variable(shell, 'NEBIUS_API_KEY')
  const facts = await probe({
    apiKey,
    baseUrl: values['base-url'] ?? variable(shell, 'NEBIUS_BASE_URL'),
    model: values.model,
    timeoutMs: seconds * 1000,
  })
  const { baseUrl, model } = facts
  const proxy = proxyFinding(shell, facts)
  const mask = createMask(() => [apiKey ?? ''])
  // What a service names, a model or the host of a redirect for one, may echo the key.
  const found = [...findings(facts, { isByProxy: proxy.state === 'failed' }), proxy].map((finding) => ({
    ...finding,
    message: mask(finding.message),
    ...(finding.advice !== undefined && { advice: mask(finding.advice) }),
  }))
  const isWell = found.every(({ state }) => state !== 'failed')
  await writeLines(
    shell,
    values.json
      ? [JSON.stringify({ ok: isWell, baseUrl, model, checks: found }, null, 2)]
      : found.map((finding) => lineOf(finding, isColoured(shell.stdout, shell))),
  )
  return isWell ? 0 : 1
}

const MARKS = { ok: ['✓', 32], failed: ['✗', 31], skipped: ['–', 2] } as const

function lineOf({ name, state, message, advice }: Finding, coloured: boolean): string {
  const [mark, code] = MARKS[state]
  const words = `${mark} ${name.padEnd(7)}`
  const text = printable(advice === undefined ? message : `${message}. ${advice}`)
  return coloured ? `\u001B[${code}m${words}\u001B[0m  ${text}` : `${words}  ${text}`
}
