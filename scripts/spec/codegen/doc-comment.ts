// Comments of generated types, rewritten for people who read them in an editor.

/** The content of a comment of generated types. */
export interface Words {
  /** The title, and the rest of the text before the first tag. */
  readonly title: string
  readonly description: string
  /** The default, as source code writes it. */
  readonly fallback: string | undefined
  readonly deprecated: boolean
}

/** Reads a comment's inner text. A line that starts with a tag is the generator's: upstream's words have theirs escaped. */
export function wordsOf(comment: string): Words {
  const [title = '', ...tags] = comment
    .split('\n')
    .map((line) => line.replace(/^\s*\*? ?/, '').trim())
    .join('\n')
    .split(/^@(?=[a-z])/m)
  const tag = (name: string): string | undefined =>
    tags
      .find((text) => text.split(/\s/, 1)[0] === name)
      ?.slice(name.length)
      .trim()
  return {
    title: title.replace(/^Format: .*$/gm, '').trim(),
    description: tag('description') ?? '',
    fallback: tag('default'),
    deprecated: tag('deprecated') !== undefined,
  }
}

/** A comment of paragraphs and tags; those that say nothing are left out. */
export function docComment(paragraphs: readonly string[], tags: readonly string[] = []): string {
  const text = paragraphs.filter((paragraph) => paragraph !== '').join('\n\n')
  const lines = [text, ...(tags.length > 0 && text !== '' ? [''] : []), ...tags].join('\n').split('\n')
  const [only = ''] = lines
  if (lines.length === 1) return `/** ${only} */`
  return `/**\n${lines.map((line) => ` * ${line}`.trimEnd()).join('\n')}\n */`
}
