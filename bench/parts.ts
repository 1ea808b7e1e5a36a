/** What is measured together, by scripts that can be run alone as well. */
export interface Part {
  title: string
  /** What the numbers mean. */
  about: string
  /** Each with its arguments. */
  scripts: readonly string[]
}

/** All parts, in the order in which they run, by the names that `npm run bench -- NAME` takes. */
export const PARTS: Readonly<Record<string, Part>> = {
  overhead: {
    title: 'The time of a call',
    about:
      'A call to a server on loopback, in a process of its own, that responds at once: what is left is the work of the ' +
      'client. Each sends the same documents of 200 characters and reads the same response. Medians; × is to the bare ' +
      '`fetch`. “over node:http” is the client over `nebius-rerank/node`, and “node:http, JSON alone” the floor of that. ' +
      '“fetch with a time-out” has an `AbortController` and a timer, which cover the body as well; “fetch, ' +
      "redirects rejected” is a bare one that says `redirect: 'error'`, as ours does. ± is by how much a ratio may be off.",
    scripts: ['overhead.ts', 'cpu.ts'],
  },
  size: {
    title: 'Size',
    about: 'What a program grows by that makes one call, and what `npm install` puts on the disk for it.',
    scripts: ['size.ts'],
  },
  startup: {
    title: 'Start',
    about:
      'What a process takes longer than an empty one that only imports a client, and one that makes a call as well; ' +
      'and the most memory that the latter had. ± is half of the interval that holds the median with a confidence of 95%.',
    scripts: ['startup.ts'],
  },
  signal: {
    title: 'Many calls on one signal',
    about: 'What stays behind when all calls of a service share the signal that shuts it down.',
    scripts: ['signal.ts'],
  },
  bulk: {
    title: 'Many requests under a rate limit',
    about:
      'What `rankMany` gets through a limit that nobody told it, next to retries without a common pace; and through one ' +
      'that is stated, as Token Factory states it. The share is that of what could have been admitted in the same time, ' +
      'the full bucket of the beginning included. And the memory that long lists and long runs take.',
    scripts: ['bulk.ts', 'bulk-memory.ts', 'bulk-stream.ts 500000'],
  },
  processes: {
    title: 'One limit for many processes',
    about:
      '`rankMany` in 1, 4 and 16 processes against one limit of 100 a second, each with a rate limiter of its own, or with one ' +
      'that they share by way of Redis, which learns the limit or is told it. The full bucket of the beginning is ' +
      'admissible, too; a rate that is told does not use it. And single calls beside them, and a queue whose processes are killed.',
    scripts: ['processes.ts', 'queue-faults.ts'],
  },
  limits: {
    title: 'Limits of every kind',
    about:
      'What the rate limiter of `rankMany` gets out of services that state their limits and of services that do not, in ' +
      'virtual time: the share of what could have been admitted, what was rate-limited, how many jobs were lost, and how ' +
      'many are lost and how long it takes with plain retries where 429s come by chance: as many at once, and each ' +
      'retried as often. A job has eleven attempts, so chance alone loses the share to the eleventh power.',
    scripts: ['limits.ts'],
  },
  drift: {
    title: 'The pipeline',
    about: 'How long `npm run drift` and `npm run regen` take over documents of several sizes.',
    scripts: ['drift.ts'],
  },
}
