import type { ClientOptions } from '../../src/index.ts'

/** What the clients of the faults suite are made with besides their own options: the fetch that it runs over. */
export const underTest: Pick<ClientOptions, 'fetch'> = {}
