import { isRerankError } from '../index.ts'
import { printable } from './text.ts'

/** Returns the message for a failure: one line, or all that is known of it. */
export function failureLine(error: unknown, debug: boolean): string {
  if (!(error instanceof Error)) return `nebius-rerank: ${printable(String(error))}`
  if (!debug) return `nebius-rerank: ${printable(inFlags(error.message))}`
  const facts = isRerankError(error) ? [JSON.stringify(error)] : []
  const cause = error.cause instanceof Error ? [`caused by ${error.cause.stack ?? error.cause.message}`] : []
  return [error.stack ?? error.message, ...facts, ...cause]
    .flatMap((text) => text.split('\n'))
    .map((line) => line.slice(0, line.search(/\S|$/)) + printable(line))
    .join('\n')
}

/** The phrases of the client that name its options, and the same for the command. */
const PHRASES: readonly (readonly [RegExp, string])[] = [
  [/^baseUrl(?= must be )/, '--base-url'],
  [/^apiKey(?= must be )/, 'NEBIUS_API_KEY'],
  [/^model(?= must be )/, '--model'],
  [/(?<=^.+ would be sent unencrypted to .+: use https), or set allowInsecureHttp to true$/, ''],
  [/(?<=Check the key given as )apiKey or (?=NEBIUS_API_KEY\.)/, ''],
  [/(?<=Check )baseUrl(?=, the network| and the model id)/, '--base-url'],
  [/(?<=\. Check that )baseUrl(?= is the URL of the service)/, '--base-url'],
  [/(?<=\. Set )baseUrl(?= to the URL of the service)/, '--base-url'],
  [/(?<=\. Raise )deadlineMs(?=, or send less at once)/, '--timeout'],
  [/Raise timeoutMs(?=, or send less at once)/, 'Try again later'],
  [
    /(?:Wait until retryAt|Raise maxRetries), or rank with rankMany, which keeps to the limits/,
    'Try again later',
  ],
  [/(?<=: )longDocuments of nebius-rerank\/middleware splits it\.$/, 'split it.'],
]

/** A message of the client, with the flags of the command in place of options. */
export function inFlags(message: string): string {
  return PHRASES.reduce((text, [phrase, words]) => text.replace(phrase, words), message)
}

/** A message of the client without its last sentence, if that is the next step. */
export function withoutNextStep(message: string): string {
  return message.replace(/\. (?:Check|Leave|Raise|Send|Set|Try again|Wait until) [^.]*\.?$|\.$/, '')
}
