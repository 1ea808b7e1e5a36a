import { text } from 'node:stream/consumers'
import { serveUpstream } from '../helpers/upstream-server.ts'
import { routesOf, type Route } from './routes.ts'
import type { GitHub } from './state.ts'

/** Plays GitHub on loopback, in the shapes of its REST API, until the test has finished. */
export async function playGitHub(): Promise<GitHub> {
  const { url } = await serveUpstream((response, request) => {
    void text(request).then((body) => {
      const { method = '', url: path = '' } = request
      const sent = body === '' ? undefined : (JSON.parse(body) as unknown)
      const call = path.replace('/repos/o/r', '')
      github.calls.push([`${method} ${call}`, sent])
      const [status, found] = answer(routes, method, call, sent)
      response.writeHead(status).end(found === undefined ? '' : JSON.stringify(found))
    })
  })
  const github: GitHub = {
    url,
    calls: [],
    files: new Map(),
    refs: new Map(),
    pulls: [],
    statuses: new Map(),
    issues: [],
    releases: [],
    jobs: new Map(),
    artifacts: [],
    open: (branch = 'drift/upstream') =>
      github.pulls.find((pull) => pull.state === 'open' && pull.branch === branch),
    state: (context, branch = 'drift/upstream') =>
      github.statuses
        .get(github.refs.get(`heads/${branch}`) ?? '')
        ?.find((status) => status.context === context)?.state,
    push(commit, tree, files) {
      for (const sha of [commit, tree]) github.files.set(sha, files)
      github.refs.set('heads/main', commit)
    },
  }
  const routes = routesOf(github)
  return github
}

function answer(
  routes: readonly Route[],
  method: string,
  call: string,
  sent: unknown,
): [status: number, body?: unknown] {
  for (const [of, path, respond] of routes) {
    const found = of === method ? path.exec(decodeURIComponent(call)) : null
    if (found === null) continue
    const body = respond(found.slice(1), sent)
    return body === null ? [404, { message: 'Not Found' }] : [method === 'POST' ? 201 : 200, body]
  }
  return [404, { message: 'Not Found' }]
}
