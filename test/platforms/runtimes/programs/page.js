import * as main from 'nebius-rerank'
import * as adapter from 'nebius-rerank/ai-sdk'
import * as bulk from 'nebius-rerank/bulk'
import * as local from 'nebius-rerank/local'
import { smokeText } from './smoke.js'

// To be called by who opened the page.
Object.assign(globalThis, {
  smoke: (/** @type {string} */ endpoint) => smokeText({ main, bulk, local, adapter }, endpoint),
})
