import * as main from 'nebius-rerank'
import * as adapter from 'nebius-rerank/ai-sdk'
import * as bulk from 'nebius-rerank/bulk'
import * as local from 'nebius-rerank/local'
import { smokeText } from '../../smoke.js'

/** Smokes at the endpoint that a request's query names. */
export async function GET(/** @type {Request} */ request) {
  const endpoint = new URL(request.url).searchParams.get('endpoint') ?? ''
  return new Response(await smokeText({ main, bulk, local, adapter }, endpoint))
}
