/** What `programs/smoke.js` tells where all is as it should be. */
export const FACTS = `\
ranks
rejects with a typed error
tries again
follows no redirect
ends when aborted
times out
ranks many
ranks in process, through an adapter
`
