import * as main from 'nebius-rerank'
import * as adapter from 'nebius-rerank/ai-sdk'
import * as bulk from 'nebius-rerank/bulk'
import * as local from 'nebius-rerank/local'
import { createNodeFetch } from 'nebius-rerank/node'
import { smoke, smokeServing } from './smoke.js'

const entries = { main, bulk, local, adapter }
await smoke(entries, process.argv[2] ?? '', console.log)
await smoke(entries, `${process.argv[2]}-over-node`, console.log, createNodeFetch())
await smokeServing(entries, console.log)
