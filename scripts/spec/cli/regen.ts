import { correctionLine } from '../report/corrections.ts'
import { PINNED } from '../contract/pinned.ts'
import { LIVE_URL, readUpstream } from '../fetch.ts'
import { fail, optionsIn, say, sourceOf, type Invocation } from './invocation.ts'

interface Request {
  readonly from: string
  readonly check: boolean
  readonly help: boolean
}

const HELP = `Usage: npm run regen [-- --from URL|FILE]
       npm run regen:check

Adopts an upstream OpenAPI document as the pinned contract, ${PINNED}, and generates src/generated from it.
If the contract changed, also writes a changeset, and removes those of changes that were undone.

  --from URL|FILE  the document to read: https, http on this machine, or a file
                   (default: OPENAPI_URL, or ${LIVE_URL})
  --check          check the committed code against the pinned contract; needs no network
  --help           show this text

Exit codes: 0 regenerated or current, 1 the check found a difference, 2 could not regenerate.`

/** Runs the command; resolves with its exit code, and never rejects. */
export async function regenCommand(invocation: Invocation): Promise<number> {
  try {
    const request = parse(invocation)
    if (request.help) return say(invocation, HELP)
    return request.check ? await check(invocation) : await regen(invocation, request.from)
  } catch (error) {
    return fail(invocation, 'regen', error, 2)
  }
}

async function regen(invocation: Invocation, source: string): Promise<number> {
  // The compiler takes a second to load; upstream can respond meanwhile.
  const [document, { regenerate }] = await Promise.all([
    readUpstream(source, invocation),
    import('../release/regenerate.ts'),
  ])
  const { written, from, to, corrections } = await regenerate(invocation.root, document)
  for (const correction of corrections) invocation.print(correctionLine(correction))
  if (written.length === 0) return say(invocation, `current: ${to}`)
  const versions = from === undefined || from === to ? to : `${from} → ${to}`
  return say(invocation, `regenerated ${versions}: ${written.join(', ')}`)
}

async function check(invocation: Invocation): Promise<number> {
  try {
    const { staleFiles } = await import('../release/regenerate.ts')
    const stale = await staleFiles(invocation.root)
    if (stale.length === 0) return say(invocation, `current: the committed code is what ${PINNED} generates`)
    for (const line of stale) invocation.complain(line)
    invocation.complain(`To fix it: npm run regen -- --from ${PINNED}`)
    return 1
  } catch (error) {
    return fail(invocation, 'regen', error, 1)
  }
}

function parse(invocation: Invocation): Request {
  const { from, check, help } = optionsIn(invocation, {
    from: { type: 'string' },
    check: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  })
  if (check && from !== undefined)
    throw new Error('--check reads the pinned contract, so it cannot be combined with --from')
  return { from: sourceOf(from, invocation), check, help }
}
