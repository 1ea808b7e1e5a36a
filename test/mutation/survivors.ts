/** The share of mutants that are to be killed in each wing, in percent. */
export const FLOOR = 85

/** Where a survivor stands: its file, and a part of its line. */
type Stand = readonly [file: string, line: string]

/** Why survivors may live. What is not here has no reason yet. */
export const SURVIVORS: readonly { reason: string; stands: readonly Stand[] }[] = [
  {
    reason:
      'The outcome is the same: what the mutant lets through, or does twice, is caught or made good by what follows.',
    stands: [
      ['src/answer.ts', "if (typeof index !== 'number' || times === undefined)"],
      ['src/answer.ts', "if (typeof text !== 'string') assertType("],
      ['src/answer.ts', "return typeof value === 'object' && value !== null"],
      ['src/body.ts', 'while (left > 0)'],
      ['src/body.ts', 'if (done) break'],
      ['src/candidates.ts', 'for (let at = 0; at < text.length; at++)'],
      ['src/candidates.ts', 'if (limit === Infinity) return () => 0'],
      ['src/cooldown.ts', 'const ms = until === 0 ? 0'],
      ['src/failure.ts', "(typeof code === 'string' || typeof code === 'number' ? Number(code)"],
      ['src/failure.ts', 'if (retryAfterMs !== undefined && retryAfterMs > 0)'],
      ['src/hooks.ts', 'if (!hook) return'],
      ['src/answer.ts', "const times = typeof index === 'number'"],
      ['src/call.ts', 'const shared = { status: undefined, requestId: undefined }'],
      ['src/cooldown.ts', 'return end === undefined ? 0'],
      ['src/cooldown.ts', 'if (status !== 429 || retryAfterMs === 0'],
      ['src/limits.ts', 'forget?.()'],
      ['src/options.ts', '} catch {'],
      ['src/paced.ts', 'if (isRerankError(error)) result ='],
      ['src/paced.ts', "return await withinLimits(caller, { ms, limit: 'deadlineMs' }"],
      ['src/rank.ts', 'scores[textOf[index] ?? -1] ?? NaN'],
      ['src/rank.ts', "return typeof value === 'object' && typeof field(value, Symbol.iterator)"],
      ['src/rank-options.ts', "blank: options.blank ?? 'skip'"],
      ['src/rate-limit.ts', "?? ''"],
      ['src/rate-limit.ts', 'return resets.length > 0 ?'],
      ['src/rate-limit.ts', 'value !== undefined && value >= 0'],
      ['src/rate-limit.ts', 'GMT$/.test(text.trim())'],
      ['src/rate-limit.ts', 'return ms !== undefined && ms >= 0'],
      ['src/redact.ts', '} catch {'],
      ['src/redact.ts', 'const credentials = value.replace('],
      ['src/redact.ts', 'const encoded = /^Basic'],
      ['src/redact.ts', 'if (encoded === undefined) return []'],
      ['src/redact.ts', 'return []'],
      ['src/redact.ts', 'while (end < text.length && end - at < secret.length'],
      ['src/redact.ts', "value instanceof Error ? ['name', 'message'] : []"],
      ['src/retry.ts', 'if (asked !== undefined && asked > policy.maxRetryAfterMs)'],
      ['src/retry.ts', "LASTING_FAULT.test(error.code ?? '')"],
      ['src/retry.ts', 'return error.status !== undefined &&'],
      ['src/together.ts', 'new Array<Result>(tasks.length)'],
      ['scripts/pipeline/contract.ts', 'const built: Component[] = []'],
      ['scripts/pipeline/contract.ts', 'return built.length === 0 ? body'],
      ['scripts/pipeline/contract.ts', 'new Set<unknown>([pointer])'],
      ['scripts/pipeline/contract.ts', 'if (seen.has(next)) refuse({ pointer }'],
      ['scripts/pipeline/contract/modern.ts', 'return flag && limit !== undefined'],
      ['scripts/pipeline/contract/path-parameters.ts', 'parameters.length === 0 ? post'],
      ['scripts/pipeline/contract/rules.ts', 'Number.isFinite(value) ? value'],
      ['scripts/pipeline/contract/rules.ts', 'Number.isSafeInteger(value) && value >= 0'],
      ['scripts/pipeline/contract/rules.ts', '.filter((item) => item !== undefined)'],
    ],
  },
  {
    reason: 'The compiler asks for the check; what it guards against was refused before.',
    stands: [
      ['src/call.ts', 'if (!isRerankError(error)) throw error'],
      ['src/bulk/concurrently.ts', 'group.abort(signal?.reason)'],
      ['src/attempt.ts', 'if (fault instanceof AnswerFault)'],
      ['src/transport.ts', "throw new TypeError('openapi-fetch"],
      ['scripts/pipeline/contract.ts', "if (typeof title !== 'string' || typeof version !== 'string')"],
      ['scripts/pipeline/contract.ts', "throw new PipelineError('#/info is incomplete')"],
      ['scripts/pipeline/contract/path-parameters.ts', 'if (!isObject(post)) return item'],
      ['scripts/pipeline/contract/references.ts', "return typeof version === 'string' && "],
      ['scripts/pipeline/contract/vocabulary.ts', "if (!isObject(value)) refuse(place, 'is not an object')"],
    ],
  },
  {
    reason:
      'A bound is off by one, or of two that bound the same the stricter is gone, where nobody could tell.',
    stands: [
      ['src/call.ts', 'if (timeoutMs <= remainingMs)'],
      ['src/bulk/lane.ts', 'now - openAt > SLACK_MS'],
      ['scripts/pipeline/contract.ts', 'contractText(contract).length > MAX_TEXT'],
      ['scripts/pipeline/contract/references.ts', 'JSON.stringify(found).length > MAX_INLINED'],
      ['scripts/pipeline/contract/rules.ts', 'return pointer.length > 150'],
    ],
  },
  {
    reason: 'Time or memory is spared, which no test measures.',
    stands: [
      ['src/attempt.ts', 'if (hooks.onRe'],
      ['src/call.ts', 'redact: settings.headers === client.headers'],
      ['src/cooldown.ts', 'if (ends.size === 0) return 0'],
      ['src/cooldown.ts', 'const end = ends.size > 0'],
      ['src/together.ts', 'if (only !== undefined && tasks.length === 1)'],
      ['src/words.ts', 'text.slice(0, 10_000)'],
    ],
  },
  {
    reason: 'What it goes into was made before the tests begin, where a run can’t reach it any more.',
    stands: [
      ['src/errors.ts', 'readonly kind ='],
      ['src/options.ts', "'user-agent': `nebius-rerank/"],
      ['src/redact.ts', 'const secrets = Object.entries(requestHeaders)'],
    ],
  },
  {
    reason: 'Tested in another wing, or by tests that are too slow for mutants.',
    stands: [
      ['scripts/pipeline/contract.ts', "typeof value === 'string'"],
      ['scripts/pipeline/contract.ts', "typeof value === 'object' && value !== null"],
      ['scripts/pipeline/contract.ts', 'withCommentSafeWords'],
      ['scripts/pipeline/contract.ts', 'inComment'],
      ['scripts/pipeline/contract.ts', "text.replaceAll('@'"],
      ['src/failure.ts', "const what = begun ? 'no complete answer'"],
    ],
  },
]
