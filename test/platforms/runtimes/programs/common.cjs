const entries = {
  main: require('nebius-rerank'),
  adapter: require('nebius-rerank/ai-sdk'),
  bulk: require('nebius-rerank/bulk'),
  local: require('nebius-rerank/local'),
}

void import('./smoke.js').then(async ({ smoke, smokeServing }) => {
  await smoke(entries, process.argv[2] ?? '', console.log)
  const fetch = require('nebius-rerank/node').createNodeFetch()
  await smoke(entries, `${process.argv[2]}-over-node`, console.log, fetch)
  await smokeServing(entries, console.log)
})
