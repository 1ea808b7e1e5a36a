import type { ClientOptions } from '../../src/index.ts'

const shared = globalThis as { fetchUnderTest?: Pick<ClientOptions, 'fetch'> }

/**
 * Options with which the clients of the faults suite are made besides their own: the fetch that it runs over. They are
 * global, since files that share a process may have instances of this module of their own.
 */
export const underTest: Pick<ClientOptions, 'fetch'> = (shared.fetchUnderTest ??= {})
