import * as main from 'nebius-rerank'
import * as adapter from 'nebius-rerank/ai-sdk'
import * as bulk from 'nebius-rerank/bulk'
import * as local from 'nebius-rerank/local'
import { smoke } from './smoke.js'

const url = process.argv[2] ?? ''
await smoke({ main, bulk, local, adapter }, url, console.log)
