/**
 * @typedef {{
 *   main: typeof import('nebius-rerank')
 *   bulk: typeof import('nebius-rerank/bulk')
 *   local: typeof import('nebius-rerank/local')
 *   adapter: typeof import('nebius-rerank/ai-sdk')
 * }} Entries
 */

/**
 * What the package does, told a fact a line; whatever is not so throws. Written for any runtime: it is given the entries
 * of the package as the runtime loads them, the URL of an endpoint with faults, and where the lines go.
 *
 * @param {Entries} entries
 * @param {string} url
 * @param {(line: string) => void} print
 * @param {import('nebius-rerank').Fetch} [fetch] What the requests go through, where it is not the runtime's own.
 */
export async function smoke({ main, bulk, local, adapter }, url, print, fetch) {
  const { createRerankClient, isRerankError } = main
  /** @param {string} fault @param {import('nebius-rerank').ClientOptions} [options] */
  const clientAt = (fault, options) =>
    createRerankClient({
      apiKey: 'key',
      baseUrl: `${url}${fault}`,
      dangerouslyAllowBrowser: true,
      fetch,
      ...options,
    })
  const query = 'capital of France'
  const documents = ['Belgrade', 'Paris, France', 'Amsterdam']
  const rejection = (/** @type {Promise<unknown>} */ call) =>
    call.then(
      () => {
        throw new Error('The call was to reject')
      },
      (/** @type {unknown} */ error) => error,
    )

  const ranked = await clientAt('').rank(query, documents)
  check(ranked.length === 3 && ranked[0]?.item === 'Paris, France', ranked)
  print('ranks')

  const refused = await rejection(clientAt('', { model: 'none' }).rerank({ query, documents }))
  check(isRerankError(refused, 'not_found') && refused instanceof main.NotFoundError, refused)
  check(refused.status === 404 && typeof refused.requestId === 'string', refused)
  print('rejects with a typed error')

  const { response } = await clientAt('/fails-once').rerank.withResponse({ query, documents })
  check(response.attempts === 2, response)
  print('tries again')

  const redirected = await rejection(clientAt('/redirects').rerank({ query, documents }))
  check(isRerankError(redirected, 'response') && redirected.attempts === 1, redirected)
  check(/ returned (307, )?a redirect/.test(redirected.message), redirected)
  print('follows no redirect')

  const controller = new AbortController()
  const reason = new Error('enough')
  const aborted = rejection(clientAt('/silent').rerank({ query, documents }, { signal: controller.signal }))
  setTimeout(() => controller.abort(reason), 10)
  check((await aborted) === reason, await aborted)
  print('ends when aborted')

  const impatient = clientAt('/silent', { timeoutMs: 50, maxRetries: 0 })
  const late = await rejection(impatient.rerank({ query, documents }))
  check(isRerankError(late, 'timeout') && late.limit === 'timeoutMs', late)
  print('times out')

  const texts = []
  const jobs = [{ query, documents }]
  for await (const { ranked } of bulk.rankMany(clientAt(''), jobs)) texts.push(ranked?.[0]?.item)
  check(texts.join() === 'Paris, France', texts)
  print('ranks many')

  const model = adapter.createNebiusReranker({
    fetch: local.createLocalReranker(),
    dangerouslyAllowBrowser: true,
  })()
  const { ranking } = await model.doRerank({ query, documents: { type: 'text', values: documents } })
  check(ranking[0]?.index === 1, ranking)
  print('ranks in process, through an adapter')
}

/**
 * Where a runtime can listen: serves the endpoint itself, and tells that too.
 *
 * @param {Entries} entries
 * @param {(line: string) => void} print
 */
export async function smokeServing({ main, local }, print) {
  const server = await local.serveLocalReranker()
  const client = main.createRerankClient({ apiKey: 'key', baseUrl: server.url })
  const ranked = await client.rank('capital of France', ['Belgrade', 'Paris, France'])
  check(ranked[0]?.item === 'Paris, France', ranked)
  await server.close()
  print('serves')
}

/**
 * What {@link smoke} tells as one text, for what has no output of its own; a failure is its end.
 *
 * @param {Entries} entries
 * @param {string} url
 */
export async function smokeText(entries, url) {
  /** @type {unknown[]} */
  const lines = []
  await smoke(entries, url, (line) => lines.push(line)).catch((/** @type {Error} */ error) =>
    lines.push(error.stack, error.cause),
  )
  return lines.map((line) => `${line}\n`).join('')
}

/** @type {(holds: boolean, found: unknown) => asserts holds} */
function check(holds, found) {
  if (!holds) throw new Error('Not as it should be', { cause: found })
}
