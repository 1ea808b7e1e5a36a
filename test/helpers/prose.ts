import type { Node } from 'typescript'
import { ts } from '../../scripts/spec/lib/typescript.ts'

/** A passage of prose and the line on which it begins. */
export interface Passage {
  text: string
  line: number
  kind: 'documentation' | 'comment' | 'message' | 'page'
}

/** The comments, doc comments and messages of a TypeScript file. */
export function proseOfCode(code: string): Passage[] {
  const file = ts.createSourceFile('code.ts', code, ts.ScriptTarget.Latest, true)
  const lineAt = (at: number) => file.getLineAndCharacterOfPosition(at).line + 1
  const seen = new Set<number>()
  const passages: Passage[] = []
  const commentsAt = (at: number) => {
    for (const range of ts.getLeadingCommentRanges(code, at) ?? []) {
      if (seen.has(range.pos)) continue
      seen.add(range.pos)
      const text = code.slice(range.pos, range.end)
      passages.push({
        text: plainComment(text),
        line: lineAt(range.pos),
        kind: text.startsWith('/**') ? 'documentation' : 'comment',
      })
    }
  }
  const visit = (node: Node) => {
    commentsAt(node.getFullStart())
    if (ts.isStringLiteralLike(node))
      passages.push({ text: node.text, line: lineAt(node.getStart()), kind: 'message' })
    if (ts.isTemplateExpression(node)) {
      const text = node.head.text + node.templateSpans.map((span) => `N${span.literal.text}`).join('')
      passages.push({ text, line: lineAt(node.getStart()), kind: 'message' })
    }
    ts.forEachChild(node, visit)
  }
  visit(file)
  return passages.filter(
    ({ kind, text }) =>
      kind !== 'message' ||
      ((text.match(/\s\w/g) ?? []).length > 2 && !/^\s*[<{:]|;\n|^(?:local|return) /m.test(text)),
  )
}

/** The paragraphs, list items and table cells of a Markdown page, without its code. */
export function proseOfPage(page: string): Passage[] {
  const passages: Passage[] = []
  let fenced = false
  let paragraph: { text: string; line: number } | undefined
  const end = () => {
    if (paragraph) passages.push({ ...paragraph, kind: 'page' })
    paragraph = undefined
  }
  for (const [at, line] of page.split('\n').entries()) {
    if (/^\s*```/.test(line)) {
      fenced = !fenced
      end()
    } else if (fenced) continue
    else if (line.trim() === '' || line.startsWith('#')) end()
    else if (line.startsWith('|')) {
      end()
      for (const cell of line.split(/(?<!\\)\|/)) passages.push({ text: cell, line: at + 1, kind: 'page' })
    } else {
      if (/^\s*(?:[-*]|\d+\.)\s/.test(line)) end()
      if (paragraph) paragraph.text += ` ${line.trim()}`
      else paragraph = { text: line.trim(), line: at + 1 }
    }
  }
  end()
  return passages.map((passage) => ({ ...passage, text: withoutMarkup(passage.text) }))
}

/** The comments of a workflow or another YAML file, and the texts that GitHub shows of it. */
export function proseOfYaml(yaml: string): Passage[] {
  return yaml.split('\n').flatMap((line, at) => {
    const [, comment = ''] = /(?:^|\s)#\s+(?!v\d)(.*)$/.exec(line) ?? []
    const [, shown = ''] = /^\s*(?:- )?(?:name|description|label|about): (.*?)(?:\s#.*)?$/.exec(line) ?? []
    return [
      { text: comment, line: at + 1, kind: 'comment' as const },
      { text: withoutMarkup(shown), line: at + 1, kind: 'page' as const },
    ].filter(({ text }) => text !== '')
  })
}

/** The texts that an HTML page shows, and those that a screen reader says. */
export function proseOfHtml(html: string): Passage[] {
  const shown = html
    .replace(/<(style|script|svg)\b.*?<\/\1>/gs, '')
    .replace(/<\/?(?:a|b|code|em|kbd)\b[^>]*>/g, '')
  const texts = [...shown.matchAll(/>([^<]+)(?=<)|\b(?:placeholder|aria-label|alt|title|content)="([^"]+)"/g)]
  return texts
    .map((found) => ({
      text: (found[1] ?? found[2] ?? '').replace(/\s+/g, ' ').trim(),
      line: html.slice(0, found.index).split('\n').length,
      kind: 'page' as const,
    }))
    .filter(({ text }) => text !== '')
}

/** Each line of what a terminal shows. */
export function proseOfTerminal(text: string): Passage[] {
  return text.split('\n').map((line, at) => ({ text: line, line: at + 1, kind: 'page' }))
}

/** Sentences, as far as full stops tell them. */
export function sentencesIn(text: string): string[] {
  return text.split(/(?<=[.!?:])\s+(?=[\p{Lu}`"“\d])|(?<=;)\s|\n{2,}|\n?\s*@\w+|\n {2,}|\n\s*- /u)
}

/** The words of a sentence; code counts as one. */
export function wordsIn(sentence: string): string[] {
  return sentence.match(/[\p{L}\p{N}’'_-]+/gu) ?? []
}

function plainComment(text: string): string {
  return text
    .replace(/^\/\*\*?|\*\/$|^\/\//g, '')
    .replace(/^\s*\* ?/gm, '')
    .replace(/```[\s\S]*?```/g, '')
    .replace(/@example[\s\S]*?(?=\n@|$)/g, '')
    .replace(/`[^`]*`/g, 'CODE')
    .trim()
}

function withoutMarkup(text: string): string {
  return text
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/`[^`]*`/g, 'CODE')
    .replace(/[*_]{1,2}/g, '')
    .replace(/^\s*(?:[-*]|\d+\.)\s+/, '')
}
