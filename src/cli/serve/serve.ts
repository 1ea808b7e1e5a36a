import { createRerankClient } from '../../index.ts'
import { createLocalReranker } from '../../local/index.ts'
import { createNodeFetch } from '../../node/index.ts'
import { createFaultInjection } from '../../shared/fault-injection.ts'
import type { FaultSettings } from '../../shared/fault-injection.ts'
import { numberFlag, readFlags, SHARED_FLAGS } from '../flags.ts'
import { failure } from './failure.ts'
import { createGate, hostnameOf, isLoopback, refusalByKey } from './gate.ts'
import { createForwarder } from './live.ts'
import { createPage } from './page.ts'
import { startServer } from './server.ts'
import type { Handler, RunningServer } from './server.ts'
import { usable } from '../client.ts'
import { tell, UsageError, variable } from '../terminal.ts'
import type { Shell } from '../terminal.ts'

/** The text of `nebius-rerank serve --help`. */
export const SERVE_HELP = `Usage: nebius-rerank serve [options]

Runs the embedded endpoint on this machine, for development and tests, with a page at / to try it. It ranks by shared
words. With --live, it forwards requests to the service instead.

  --port N           default: 8787; 0 takes a free port
  --host ADDRESS     default: 127.0.0.1, which only this machine can reach
  --api-key K        the only key that callers may use; default: any key is accepted
  --live             forward to the service, with the key in NEBIUS_API_KEY, which callers never see
  --base-url URL     the service for --live; default: NEBIUS_BASE_URL, or the public service
  --allow-host NAME  with --live: a host name by which callers may reach this server, such as
                     host.docker.internal; can be repeated

Fault injection
  --latency MS       wait this long before each response
  --fail-rate P      respond with 503 to this share of requests, from 0 to 1
  --rate-limit N     respond with 429 after N requests in a minute

GET /health responds while the server is up. GET /metrics returns counters in the text format of Prometheus.

  --debug            show the stack of an error
  -h, --help         show this text

Examples
  nebius-rerank serve
  nebius-rerank serve --latency 200 --fail-rate 0.1 --rate-limit 60
  NEBIUS_API_KEY=… nebius-rerank serve --live --port 9000
  NEBIUS_API_KEY=… nebius-rerank serve --live --host 0.0.0.0 --api-key K --allow-host reranker

Exit codes: 0 ended by SIGINT or SIGTERM, 1 could not listen, 2 wrong options.`

const MODEL = 'Qwen/Qwen3-Reranker-8B'
const PATH = '/v1/rerank'

interface Options {
  port: number
  host: string
  apiKey: string | undefined
  /** Where `--live` forwards to, and with which key. */
  live: { apiKey: string; baseUrl: string | undefined } | undefined
  allowedHosts: readonly string[]
  faults: FaultSettings
}

/** Serves until a signal ends it. */
export async function serveCommand(shell: Shell): Promise<number> {
  const options = readOptions(shell)
  const { port, host, live, allowedHosts } = options
  const log = (line: string): void => void tell(shell, [`${new Date().toISOString().slice(11, 19)} ${line}`])
  const server = await startServer(handlerFor(options), {
    port,
    host,
    gate: live ? createGate([host, ...allowedHosts]) : () => undefined,
    refuse: ({ method, path, authorization }) =>
      method === 'POST' && path === PATH ? refusalByKey(authorization, options.apiKey) : undefined,
    log,
  })
  await tell(shell, introduction(server, options))
  await untilSignal(server, (signal) =>
    log(`${signal}: finishing the requests in flight. Send it again to end at once`),
  )
  return 0
}

function readOptions(shell: Shell): Options {
  const { values, positionals } = readFlags(shell.args, {
    ...SHARED_FLAGS,
    port: { type: 'string' },
    host: { type: 'string' },
    'api-key': { type: 'string' },
    live: { type: 'boolean', default: false },
    'base-url': { type: 'string' },
    'allow-host': { type: 'string', multiple: true, default: [] },
    latency: { type: 'string' },
    'fail-rate': { type: 'string' },
    'rate-limit': { type: 'string' },
  })
  if (positionals.length > 0) throw new UsageError('serve takes options only; see nebius-rerank serve --help')
  const apiKey = values['api-key']
  if (apiKey !== undefined && !/^[\x21-\x7e]+$/.test(apiKey)) {
    throw new UsageError('--api-key needs printable ASCII without blanks')
  }
  if (values.host === '') throw new UsageError('--host needs an address or a host name')
  if (values['base-url'] !== undefined && !values.live) throw new UsageError('--base-url goes with --live')
  const allowedHosts = values['allow-host']
  if (allowedHosts.length > 0 && !values.live) throw new UsageError('--allow-host goes with --live')
  const wrong = allowedHosts.find((name) => hostnameOf(name) !== name.toLowerCase())
  if (wrong !== undefined) {
    throw new UsageError(
      `--allow-host needs a host name without scheme or port, not ${JSON.stringify(wrong)}`,
    )
  }
  return {
    port: numberFlag('port', values.port, { least: 0, most: 65_535, whole: true }) ?? 8787,
    host: values.host ?? '127.0.0.1',
    apiKey,
    live: values.live ? readLive(shell, values['base-url']) : undefined,
    allowedHosts,
    faults: {
      latencyMs: numberFlag('latency', values.latency, { least: 0, most: 3_600_000, whole: true }) ?? 0,
      failRate: numberFlag('fail-rate', values['fail-rate'], { least: 0, most: 1 }) ?? 0,
      rateLimit: numberFlag('rate-limit', values['rate-limit'], { least: 1, whole: true }),
    },
  }
}

function readLive(shell: Shell, baseUrl: string | undefined): Options['live'] {
  const apiKey = variable(shell, 'NEBIUS_API_KEY')
  if (apiKey === undefined) throw new UsageError('--live needs the key of the service in NEBIUS_API_KEY')
  return { apiKey, baseUrl: baseUrl ?? variable(shell, 'NEBIUS_BASE_URL') }
}

function handlerFor({ apiKey, live, faults }: Options): Handler {
  const local = createLocalReranker({ apiKey, ...(!live && faults) })
  // Nothing is retried or delayed: a caller is to see what the service says, and has retries of its own.
  const client =
    live &&
    usable(() =>
      createRerankClient({
        ...live,
        maxRetries: 0,
        maxRetryAfterMs: 0,
        fetch: createNodeFetch({ proxy: true }),
      }),
    )
  const forward =
    client && withFaults(createForwarder(client, { service: live.apiKey, callers: apiKey }), faults)
  const page = createPage({
    live: live !== undefined,
    needsKey: apiKey !== undefined,
    model: client?.model ?? MODEL,
    baseUrl: client?.url.slice(0, -PATH.length),
  })
  return async (request) => {
    const { pathname } = new URL(request.url)
    if (forward && pathname === PATH && request.method === 'POST') return forward(request)
    return (await page(request)) ?? local(request)
  }
}

/** Puts fault injection around a handler, as the embedded endpoint has it inside. */
function withFaults(next: Handler, settings: FaultSettings): Handler {
  const faults = createFaultInjection(settings)
  return async (request) => {
    const { headers, refusal } = faults.draw()
    const response = refusal ? failure(refusal.status, refusal.detail) : await next(request)
    // After the body has been read: while it waits to be sent, its time runs.
    await faults.wait(request.signal)
    for (const [name, value] of Object.entries(headers)) response.headers.set(name, value)
    return response
  }
}

function introduction({ url }: RunningServer, { host, apiKey, live }: Options): string[] {
  const what = live ? 'Forwarding to the service' : 'Ranking by words on this machine'
  return [
    `${what}: ${url}${PATH}`,
    `To try it: ${url}/`,
    ...(isLoopback(host) ? [] : [`Warning: others on the network can reach ${host}.`]),
    ...(isLoopback(host) || !live || apiKey !== undefined
      ? []
      : [
          'Warning: anybody who can reach it can use your key. Set --api-key, so that callers need their own key.',
        ]),
  ]
}

function untilSignal(server: RunningServer, announce: (signal: string) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    let isEnding = false
    const end = (signal: string): void => {
      if (isEnding) {
        server.abort()
        return
      }
      isEnding = true
      announce(signal)
      server.close().then(resolve, reject)
    }
    process.on('SIGINT', end)
    process.on('SIGTERM', end)
  })
}
