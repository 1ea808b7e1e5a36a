import { createHash } from 'node:crypto'
import { valueAt } from '../../scripts/spec/lib/json.ts'
import type { GitHub, Pull } from './state.ts'

/** A route of GitHub's API, below the repository; one that finds nothing responds with null. */
export type Route = readonly [
  method: string,
  path: RegExp,
  respond: (found: readonly string[], sent: unknown) => unknown,
]

/** The routes that steps call, with responses as far as steps read them. */
export function routesOf(github: GitHub): readonly Route[] {
  const pullOf = (number: string | undefined): Pull | undefined =>
    github.pulls.find((pull) => String(pull.number) === number)
  const shown = (pull: Pull): object => ({
    ...pull,
    head: { ref: pull.branch, sha: github.refs.get(`heads/${pull.branch}`) },
    base: { ref: 'main', sha: github.refs.get('heads/main') },
    labels: pull.labels.map((name) => ({ name })),
  })
  const named = (names: readonly string[]): object[] => names.map((name) => ({ name }))
  return [
    ['GET', /^$/, () => ({ default_branch: 'main' })],
    [
      'GET',
      /^\/pulls\?state=open&head=o:(.+)$/,
      ([branch]) => github.pulls.filter((pull) => pull.state === 'open' && pull.branch === branch).map(shown),
    ],
    [
      'GET',
      /^\/pulls\/(\d+)$/,
      ([number]) => {
        const pull = pullOf(number)
        return pull ? shown(pull) : null
      },
    ],
    [
      'POST',
      /^\/pulls$/,
      (_, sent) => {
        const number = github.pulls.length + 7
        const { head, ...texts } = sent as { head: string; title: string; body: string }
        github.pulls.push({
          number,
          state: 'open',
          branch: head,
          labels: [],
          title: texts.title,
          body: texts.body,
        })
        return { number }
      },
    ],
    ['PATCH', /^\/pulls\/(\d+)$/, ([number], sent) => Object.assign(pullOf(number) ?? {}, sent)],
    [
      'PUT',
      /^\/issues\/(\d+)\/labels$/,
      ([number], sent) => {
        const labels = valueAt(sent, 'labels') as string[]
        Object.assign(pullOf(number) ?? {}, { labels })
        return named(labels)
      },
    ],
    [
      'DELETE',
      /^\/issues\/(\d+)\/labels\/(.+)$/,
      ([number, label]) => {
        const pull = pullOf(number)
        if (!pull?.labels.includes(label ?? '')) return null
        pull.labels = pull.labels.filter((name) => name !== label)
        return named(pull.labels)
      },
    ],
    [
      'GET',
      /^\/contents\/(.+)\?ref=(\w+)$/,
      ([path = '', ref = '']) => {
        const file = github.files.get(ref)?.[path]
        return file === undefined
          ? null
          : { path, encoding: 'base64', content: Buffer.from(file).toString('base64') }
      },
    ],
    [
      'POST',
      /^\/git\/trees$/,
      (_, sent) => {
        const files = { ...github.files.get(String(valueAt(sent, 'base_tree'))) }
        for (const { path, content } of valueAt(sent, 'tree') as { path: string; content?: string }[])
          files[path] = content ?? ''
        const sha = hash(JSON.stringify(files))
        github.files.set(sha, files)
        return { sha }
      },
    ],
    [
      'POST',
      /^\/git\/commits$/,
      (_, sent) => {
        const sha = hash(`${github.calls.length} ${JSON.stringify(sent)}`)
        github.files.set(sha, github.files.get(String(valueAt(sent, 'tree'))) ?? {})
        return { sha }
      },
    ],
    [
      'GET',
      /^\/git\/ref\/(.+)$/,
      ([ref = '']) =>
        github.refs.has(ref) ? { ref: `refs/${ref}`, object: { sha: github.refs.get(ref) } } : null,
    ],
    [
      'POST',
      /^\/git\/refs$/,
      (_, sent) => {
        const { ref, sha } = sent as { ref: string; sha: string }
        github.refs.set(ref.replace('refs/', ''), sha)
        return { ref, object: { sha } }
      },
    ],
    [
      'PATCH',
      /^\/git\/refs\/(.+)$/,
      ([ref = ''], sent) => {
        github.refs.set(ref, String(valueAt(sent, 'sha')))
        return { ref: `refs/${ref}` }
      },
    ],
    ['DELETE', /^\/git\/refs\/(.+)$/, ([ref = '']) => (github.refs.delete(ref) ? undefined : null)],
    [
      'POST',
      /^\/statuses\/(\w+)$/,
      ([commit = ''], sent) => {
        const before = github.statuses.get(commit) ?? []
        github.statuses.set(commit, [sent as (typeof before)[number], ...before])
        return sent
      },
    ],
    ['GET', /^\/commits\/(\w+)\/statuses/, ([commit = '']) => github.statuses.get(commit) ?? []],
    [
      'GET',
      /^\/commits\/(\w+)\/check-runs/,
      ([commit = '']) => ({ check_runs: github.jobs.get(commit) ?? [] }),
    ],
    ['POST', /^\/actions\/jobs\/\d+\/rerun$/, () => ({})],
    ['GET', /^\/issues\?state=open/, () => github.issues.filter((issue) => issue.state === 'open')],
    [
      'POST',
      /^\/issues$/,
      (_, sent) => {
        github.issues.push({
          number: github.issues.length + 1,
          state: 'open',
          title: String(valueAt(sent, 'title')),
        })
        return {}
      },
    ],
    [
      'PATCH',
      /^\/issues\/(\d+)$/,
      ([number], sent) => Object.assign(github.issues[Number(number) - 1] ?? {}, sent),
    ],
    [
      'POST',
      /^\/releases$/,
      (_, sent) => {
        const { tag_name, target_commitish, body } = sent as Record<
          'tag_name' | 'target_commitish' | 'body',
          string
        >
        github.refs.set(`tags/${tag_name}`, target_commitish)
        github.releases.push({ tag_name, body, files: [] })
        return { id: 1, upload_url: `${github.url}/repos/o/r/releases/1/assets{?name,label}` }
      },
    ],
    [
      'POST',
      /^\/releases\/1\/assets\?name=(.+)$/,
      ([name = '']) => {
        github.releases.at(-1)?.files.push(name)
        return { name }
      },
    ],
  ]
}

function hash(value: string): string {
  return createHash('sha1').update(value).digest('hex')
}
