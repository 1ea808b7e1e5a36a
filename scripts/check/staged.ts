import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { format, getFileInfo, resolveConfig } from 'prettier'

/**
 * Formats what is staged in a repository, in the index itself. A file that differs from what is staged of it, being staged
 * in part, stays as it is in the working tree.
 *
 * @returns the files that were formatted.
 */
export async function formatStaged(root: string): Promise<string[]> {
  const formatted: string[] = []
  const staged = git(root, 'diff', '--cached', '--name-only', '--diff-filter=ACM', '-z').split('\0')
  for (const path of staged.filter(Boolean)) if (await isFormatted(root, path)) formatted.push(path)
  return formatted
}

async function isFormatted(root: string, path: string): Promise<boolean> {
  const [mode = '', blob = ''] = git(root, 'ls-files', '--stage', '-z', '--', path).split(/[ \t]/)
  const file = join(root, path)
  const { ignored, inferredParser } = await getFileInfo(file, { ignorePath: join(root, '.prettierignore') })
  // Neither links nor submodules.
  if (!mode.startsWith('100') || ignored || inferredParser === null) return false

  const text = git(root, 'cat-file', 'blob', blob)
  const formatted = await format(text, { ...(await resolveConfig(file)), filepath: file })
  if (formatted === text) return false
  git(root, 'update-index', '--cacheinfo', `${mode},${store(root, formatted)},${path}`)
  if (readFileSync(file, 'utf8') === text) writeFileSync(file, formatted)
  return true
}

function store(root: string, text: string): string {
  const args = ['hash-object', '-w', '--stdin']
  return execFileSync('git', args, { cwd: root, input: text, encoding: 'utf8' }).trim()
}

function git(root: string, ...args: string[]): string {
  return execFileSync('git', args, { cwd: root, encoding: 'utf8', maxBuffer: Infinity })
}
