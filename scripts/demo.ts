// Reranks two lists and prints them: by the live API when NEBIUS_API_KEY is set, else by the embedded endpoint,
// over a real socket.

import { createRerankClient, spec } from 'nebius-rerank'
import type { RerankResponse } from 'nebius-rerank'
import { serveLocalReranker } from 'nebius-rerank/local'
import contract from '../openapi.json' with { type: 'json' }

interface Example {
  query: string
  documents: string[]
}

const KITCHEN: Example = {
  query: 'Why does bread dough rise slowly in a cold kitchen?',
  documents: [
    'Steel kitchen knives stay sharp for longer when they are washed by hand.',
    'Bakers leave dough in the fridge overnight: the slow rise gives the bread more flavour.',
    'A cold frame lets gardeners sow lettuce weeks before the last frost.',
    'Warm water wakes the yeast, but above 60 °C it kills it before the dough can rise.',
    'House prices rise slowly in towns that the young are leaving.',
    'Yeast is sluggish in the cold, so bread dough in a cool kitchen takes twice as long to rise.',
    'Bread goes stale faster in the refrigerator than on the counter.',
    'Salt tightens the gluten and holds fermentation back a little.',
    'A sourdough starter doubles in four to six hours at 26 °C.',
    'Why is the sky blue? Short waves of light scatter more than long ones.',
    'A damp cloth keeps a crust from forming on the dough while it rests.',
    'The kitchen was painted yellow in the summer of 1974.',
  ],
}

const BOLD = 1
const DIM = 2
const GREEN = 32
const BAR = 20

const isColoured = process.stdout.isTTY && !process.env['NO_COLOR']
const width = Math.max(process.stdout.columns || 80, 60)

// The reader has seen enough: `npm run demo | head`.
process.stdout.on('error', ({ code }: NodeJS.ErrnoException) => process.exit(code === 'EPIPE' ? 0 : 1))

try {
  await main()
} catch (error) {
  const message = error instanceof Error ? error.message : String(error)
  console.error(`demo: ${message.replace(/\s+/g, ' ')}`)
  process.exitCode = 1
}

async function main(): Promise<void> {
  const server = process.env['NEBIUS_API_KEY'] ? undefined : await serveLocalReranker({ port: 0 })
  try {
    // Without options the client reads NEBIUS_API_KEY and NEBIUS_BASE_URL.
    const client = createRerankClient(server && { apiKey: 'local', baseUrl: server.url })
    console.log(`${spec.title}, ${spec.version}`)
    for (const example of [specExample(), KITCHEN]) {
      const started = performance.now()
      const response = await client.rerank(example)
      const milliseconds = Math.round(performance.now() - started)
      console.log(`\n${paint(BOLD, example.query)}\n\n${table(response)}\n`)
      console.log(paint(DIM, `${response.model}, ${response.usage.total_tokens} tokens, ${milliseconds} ms`))
    }
    console.log(server ? `\n${describeLocal(server.url)}` : `\nRanked by ${liveUrl()}.`)
  } finally {
    await server?.close()
  }
}

function describeLocal(url: string): string {
  return [
    `Ranked by the embedded endpoint at ${url}, which compares words (BM25).`,
    'Set NEBIUS_API_KEY to rank with the hosted model.',
  ].join('\n')
}

function liveUrl(): string {
  const url = process.env['NEBIUS_BASE_URL'] ?? ''
  return url === '' ? 'https://api.tokenfactory.nebius.com' : url
}

/** The example of a request in the contract. */
function specExample(): Example {
  const schema = contract.paths['/v1/rerank'].post.requestBody.content['application/json'].schema
  const [query] = at(schema, 'properties', 'query', 'examples') as string[]
  const [documents] = at(schema, 'properties', 'documents', 'examples') as string[][]
  if (query === undefined || documents === undefined)
    throw new Error('openapi.json has no example of a request')
  return { query, documents }
}

/** The value at a path, `$ref`s followed. */
function at(value: unknown, ...path: readonly string[]): unknown {
  const node = value as Readonly<Record<string, unknown>> | undefined
  const reference = node?.['$ref']
  if (typeof reference === 'string') return at(contract, ...reference.split('/').slice(1), ...path)
  const [key, ...rest] = path
  return key === undefined ? value : at(node?.[key], ...rest)
}

function table({ results }: RerankResponse): string {
  const lines = results.map(({ relevance_score: score, document }, index) => {
    const rank = String(index + 1).padStart(3)
    const room = width - rank.length - BAR - 11
    return `${rank}  ${score.toFixed(3)}  ${paint(GREEN, bar(score).padEnd(BAR))}  ${cut(document.text, room)}`
  })
  return [paint(DIM, `  #  score  ${'relevance'.padEnd(BAR)}  document`), ...lines].join('\n')
}

/** In eighths of a character. */
function bar(score: number): string {
  const eighths = Math.round(Math.min(Math.max(score, 0), 1) * BAR * 8)
  return '█'.repeat(eighths / 8) + ' ▏▎▍▌▋▊▉'.charAt(eighths % 8).trim()
}

function cut(text: string, room: number): string {
  const characters = Array.from(text.replace(/\s+/g, ' '))
  return characters.length > room ? `${characters.slice(0, room - 1).join('')}…` : characters.join('')
}

function paint(style: number, text: string): string {
  return isColoured ? `\u001B[${style}m${text}\u001B[0m` : text
}
