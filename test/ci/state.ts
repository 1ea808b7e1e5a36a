export interface Pull {
  number: number
  state: string
  branch: string
  title: string
  body: string
  labels: string[]
}

/** GitHub as the steps of workflows meet it. */
export interface GitHub {
  readonly url: string
  /** Each request that came, and its body. */
  readonly calls: (readonly [request: string, sent: unknown])[]
  /** Files by commit or tree. */
  readonly files: Map<string, Readonly<Record<string, string>>>
  /** Commits by `heads/BRANCH` and `tags/NAME`. */
  readonly refs: Map<string, string>
  readonly pulls: Pull[]
  /** Statuses by commit, the newest first. */
  readonly statuses: Map<string, { context: string; state: string; description: string }[]>
  readonly issues: { number: number; title: string; state: string }[]
  readonly releases: { tag_name: string; body: string; files: string[] }[]
  /** Jobs by the commit that they ran for. */
  readonly jobs: Map<string, object[]>
  readonly artifacts: object[]
  /** The open pull request of a branch. */
  open(branch?: string): Pull | undefined
  /** The state of a context of the newest commit of a branch. */
  state(context: string, branch?: string): string | undefined
  /** Puts a commit on main. */
  push(commit: string, tree: string, files: Readonly<Record<string, string>>): void
}
