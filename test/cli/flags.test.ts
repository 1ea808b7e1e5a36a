import { expect, test } from 'vitest'
import { readFlags } from '../../src/cli/flags.ts'
import { UsageError } from '../../src/cli/terminal.ts'

const FLAGS = {
  top: { type: 'string' },
  json: { type: 'boolean', default: false },
  output: { type: 'string', short: 'o' },
  model: { type: 'string', multiple: true },
} as const

const read = (...args: string[]) => readFlags(args, FLAGS)

test.each([
  [['--tpo', '3'], 'Unknown option --tpo: did you mean --top? See --help'],
  [['--JSON'], 'Unknown option --JSON: did you mean --json? See --help'],
  [
    ['--constructor'],
    'Unknown option --constructor: put a word that begins with a dash after --. See --help',
  ],
  [['--out'], 'Unknown option --out: did you mean --output? See --help'],
  [['--nope'], 'Unknown option --nope: put a word that begins with a dash after --. See --help'],
  [['-5'], 'Unknown option -5: put a word that begins with a dash after --. See --help'],
  [['q', '--top'], '--top needs a value'],
  [
    ['--top', '--json'],
    '--top needs a value, and --json looks like an option. If you mean it as the value, write --top=--json',
  ],
  [['-o', '-x'], '-o needs a value, and -x looks like an option. If you mean it as the value, write -o=-x'],
  [['--json=yes'], '--json takes no value, got "yes"'],
])('%j is refused in a line that says what to do', (args, message) => {
  expect(() => read(...args)).toThrow(new UsageError(message))
})

test('takes negative numbers, a dash alone and whatever comes after two dashes', () => {
  const { values, positionals } = read(
    '--top',
    '-1.5',
    '-o',
    '-',
    '--model',
    'a',
    '--model',
    'b',
    '-',
    '--',
    '--tpo',
  )
  expect({ ...values }).toEqual({ top: '-1.5', output: '-', model: ['a', 'b'], json: false })
  expect(positionals).toEqual(['-', '--tpo'])
})
