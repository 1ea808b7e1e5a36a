import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { namesIn, readTextIfThere, replaceFiles } from '../../../scripts/spec/lib/files.ts'

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'files-'))
})
afterEach(() => rmSync(root, { recursive: true }))

const everything = (): string[] => readdirSync(root, { recursive: true, encoding: 'utf8' }).sort()

describe('replaceFiles', () => {
  it('writes new files, and their directories', async () => {
    const written = await replaceFiles(
      root,
      new Map([
        ['a/b/c.txt', 'c'],
        ['d.txt', 'd'],
      ]),
    )
    expect(written).toEqual(['a/b/c.txt', 'd.txt'])
    expect(everything()).toEqual(['a', 'a/b', 'a/b/c.txt', 'd.txt'])
    expect(readFileSync(join(root, 'a/b/c.txt'), 'utf8')).toBe('c')
  })

  it('does not touch files that hold their text already', async () => {
    const path = join(root, 'a.txt')
    writeFileSync(path, 'a')
    utimesSync(path, 1, 1)
    expect(await replaceFiles(root, new Map([['a.txt', 'a']]))).toEqual([])
    expect(statSync(path).mtimeMs).toBe(1_000)
  })

  it('writes nothing if a file cannot be read', async () => {
    mkdirSync(join(root, 'z.txt'))
    await expect(
      replaceFiles(
        root,
        new Map([
          ['a.txt', 'a'],
          ['z.txt', 'z'],
        ]),
      ),
    ).rejects.toThrow('nothing was written: cannot read z.txt: it is a directory')
    expect(everything()).toEqual(['z.txt'])
  })

  it('removes files that are to have no text', async () => {
    writeFileSync(join(root, 'a.txt'), 'a')
    const files = new Map([
      ['a.txt', undefined],
      ['missing.txt', undefined],
    ])
    expect(await replaceFiles(root, files)).toEqual(['a.txt'])
    expect(everything()).toEqual([])
  })

  it('takes back what it removed if a later file cannot be written', async () => {
    writeFileSync(join(root, 'a.txt'), 'before')
    // By the time of its turn `d` is a directory.
    const files = new Map([
      ['a.txt', undefined],
      ['d', 'd'],
      ['d/e.txt', 'e'],
    ])
    await expect(replaceFiles(root, files)).rejects.toThrow('nothing was written: cannot write d')
    expect(everything()).toEqual(['a.txt'])
    expect(readFileSync(join(root, 'a.txt'), 'utf8')).toBe('before')
  })

  it('leaves no directory or temporary file behind if one cannot be written', async () => {
    const files = new Map([
      ['new/a.txt', 'a'],
      ['z'.repeat(250), 'z'],
    ])
    await expect(replaceFiles(root, files)).rejects.toThrow(
      /^nothing was written: cannot write z+: the name is too long$/,
    )
    expect(everything()).toEqual([])
  })

  it('takes back what it replaced if a later file cannot be', async () => {
    writeFileSync(join(root, 'a.txt'), 'before')
    // By the time of its turn `d` is a directory.
    const files = new Map([
      ['a.txt', 'after'],
      ['b.txt', 'new'],
      ['d', 'd'],
      ['d/e.txt', 'e'],
    ])
    await expect(replaceFiles(root, files)).rejects.toThrow(
      'nothing was written: cannot write d: it is a directory',
    )
    expect(everything()).toEqual(['a.txt'])
    expect(readFileSync(join(root, 'a.txt'), 'utf8')).toBe('before')
  })
})

describe('a fault', () => {
  it('has what brought it about for its cause, down to the system’s', async () => {
    mkdirSync(join(root, 'a.txt'))
    await expect(replaceFiles(root, new Map([['a.txt', 'a']]))).rejects.toMatchObject({
      cause: { message: 'cannot read a.txt: it is a directory', cause: { code: 'EISDIR' } },
    })
  })
})

describe('what is read', () => {
  it('is the text of a file, or none where there is none', async () => {
    writeFileSync(join(root, 'a.txt'), 'a')
    expect(await readTextIfThere(root, 'a.txt')).toBe('a')
    expect(await readTextIfThere(root, 'b.txt')).toBeUndefined()
  })

  it('is the names in a folder, none where there is none', async () => {
    mkdirSync(join(root, 'folder/inner'), { recursive: true })
    expect(await namesIn(root, 'folder')).toEqual(['inner'])
    expect(await namesIn(root, 'missing')).toEqual([])
  })

  it('is no file in place of a folder', async () => {
    writeFileSync(join(root, 'a.txt'), 'a')
    await expect(namesIn(root, 'a.txt')).rejects.toThrow(
      'cannot read a.txt: a part of its path is not a directory',
    )
  })
})
