// As much of Vitest as tests of types use: its own declarations take longer to check than ours.
export { expectTypeOf } from 'expect-type'
export declare function test(name: string, body: () => void): void
