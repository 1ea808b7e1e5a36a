// The pre-commit hook: formats what is staged, in the index itself. A file that differs from what is staged of it, being
// staged in part, stays as it is in the working tree.
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { format, getFileInfo, resolveConfig } from 'prettier'

const staged = git('diff', '--cached', '--name-only', '--diff-filter=ACM', '-z').split('\0').filter(Boolean)
for (const path of staged) await formatStaged(path)

async function formatStaged(path: string): Promise<void> {
  const [mode = '', blob = ''] = git('ls-files', '--stage', '-z', '--', path).split(/[ \t]/)
  const { ignored, inferredParser } = await getFileInfo(path, { ignorePath: '.prettierignore' })
  // Neither links nor submodules.
  if (!mode.startsWith('100') || ignored || inferredParser === null) return

  const text = git('cat-file', 'blob', blob)
  const formatted = await format(text, { ...(await resolveConfig(path)), filepath: path })
  if (formatted === text) return
  git('update-index', '--cacheinfo', `${mode},${store(formatted)},${path}`)
  if (readFileSync(path, 'utf8') === text) writeFileSync(path, formatted)
  console.log(`formatted ${path}`)
}

function store(text: string): string {
  return execFileSync('git', ['hash-object', '-w', '--stdin'], { input: text, encoding: 'utf8' }).trim()
}

function git(...args: string[]): string {
  return execFileSync('git', args, { encoding: 'utf8', maxBuffer: Infinity })
}
