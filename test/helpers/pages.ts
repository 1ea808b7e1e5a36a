import { readdirSync, readFileSync } from 'node:fs'

const root = new URL('../../', import.meta.url)

/** The README and the pages of `docs/`, by their paths. */
export const PAGES: ReadonlyMap<string, string> = new Map(
  ['README.md', ...readdirSync(new URL('docs', root)).map((name) => `docs/${name}`)]
    .filter((path) => path.endsWith('.md') && path !== 'docs/SKILL.md')
    .map((path) => [path, readFileSync(new URL(path, root), 'utf8')]),
)

/** A block of code and what the page says that it prints; `undefined` where it says nothing. */
export interface Example {
  page: string
  language: string
  /** What follows the language, such as the adapter whose framework the example needs. */
  mark: string
  code: string
  output: string | undefined
}

/** The TypeScript and JavaScript of all pages. */
export const EXAMPLES: readonly Example[] = [...PAGES].flatMap(([page, text]) =>
  [...text.matchAll(/```(ts|js)(?: ([\w-]+))?\n(.*?)```(?:\n\n```text\n(.*?)```)?/gs)].map(
    ([, language = '', mark = '', code = '', output]) => ({ page, language, mark, code, output }),
  ),
)
