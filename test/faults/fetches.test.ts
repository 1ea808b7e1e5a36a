import { describe } from 'vitest'
import { FETCHES } from '../helpers/fetches.ts'
import { bodies } from './suite/body.ts'
import { connections } from './suite/connection.ts'
import { manyCalls } from './suite/many.ts'
import { timeLimits } from './suite/time.ts'

describe.each(FETCHES)('%s', (_name, over) => {
  bodies(over)
  connections(over)
  manyCalls(over)
  timeLimits(over)
})
