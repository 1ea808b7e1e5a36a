import type { RankRequest, Result, Settings } from './api.ts'

/** A request and its ranking, as they are copied. */
export interface Shown {
  request: RankRequest
  results: readonly Result[]
  settings: Settings
}

/** The request as a shell command. Quoting prevents the shell from running any of its texts. */
export function asCurl({ request, settings }: Shown): string {
  const authorization =
    settings.live || settings.needsKey
      ? '"authorization: Bearer $NEBIUS_API_KEY"'
      : "'authorization: Bearer local'"
  return [
    `curl ${quoted(`${settings.baseUrl}/v1/rerank`)} \\`,
    `  -H 'content-type: application/json' \\`,
    `  -H ${authorization} \\`,
    `  -d ${quoted(json(request, 2))}`,
  ].join('\n')
}

/** The request as a program. */
export function asTypeScript({ request, settings: { baseUrl, live, needsKey, model } }: Shown): string {
  const options = [
    ...(live ? [] : [`baseUrl: ${json(baseUrl)}`]),
    ...(live || needsKey ? [] : [`apiKey: 'local'`]),
  ]
  const given = options.length === 0 ? '' : `{ ${options.join(', ')} }`
  return [
    "import { createRerankClient } from 'nebius-rerank'",
    '',
    `const client = createRerankClient(${given})${live || needsKey ? ' // with the key in NEBIUS_API_KEY' : ''}`,
    'const { results } = await client.rerank({',
    ...(request.model === model ? [] : [`  model: ${json(request.model)},`]),
    `  query: ${json(request.query)},`,
    '  documents: [',
    ...request.documents.map((document) => `    ${json(document)},`),
    '  ],',
    '})',
    'for (const { index, relevance_score } of results) console.log(relevance_score, index)',
  ].join('\n')
}

/** The ranking as JSON. */
export function asJson({ request, results }: Shown): string {
  const ranked = results.map(({ index, relevance_score }, place) => ({
    rank: place + 1,
    index,
    relevance_score,
    text: request.documents[index] ?? '',
  }))
  return json({ query: request.query, model: request.model, results: ranked }, 2)
}

/** The ranking as CSV (RFC 4180), for a spreadsheet, which runs no formula of it. */
export function asCsv({ request, results }: Shown): string {
  const rows = results.map(({ index, relevance_score }, place) => [
    place + 1,
    index,
    relevance_score,
    cell(request.documents[index] ?? ''),
  ])
  return [['rank', 'index', 'relevance_score', 'text'], ...rows].map((row) => row.join(',')).join('\r\n')
}

function cell(text: string): string {
  const safe = /^\s*[=+\-@]/.test(text) ? `'${text}` : text
  return `"${safe.replaceAll('"', '""')}"`
}

/** In single quotes, where a shell reads nothing but their end. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`
}

/** JSON in which characters that are not seen, or change what is, are escaped. */
function json(value: unknown, indent?: number): string {
  return JSON.stringify(value, null, indent).replace(UNSEEN, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
}

const UNSEEN = /[\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g
