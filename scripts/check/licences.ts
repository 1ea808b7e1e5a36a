// Fails where a package that users get has a licence that asks for more than its notice, or where the notice of a bundled
// one is not in THIRD-PARTY-NOTICES.md.
import { readFileSync } from 'node:fs'
import { componentsIn } from './components.ts'

const FREE = ['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT']

const plain = (text: string): string => text.replaceAll(/\s+/g, ' ').trim()
const notices = plain(readFileSync('THIRD-PARTY-NOTICES.md', 'utf8'))
for (const { name, version, licence, text, isBundled } of componentsIn('.')) {
  const faults = [
    ...(FREE.includes(licence) ? [] : [`its licence is "${licence}", not one of ${FREE.join(', ')}`]),
    ...(isBundled && (text === '' || !notices.includes(plain(text)))
      ? ['THIRD-PARTY-NOTICES.md does not hold its licence']
      : []),
  ]
  console.log(
    `${faults.length === 0 ? '✓' : '✗'} ${[`${name} ${version}, ${licence}`, ...faults].join(': ')}`,
  )
  if (faults.length > 0) process.exitCode = 1
}
