/** The bounds of a server, which keep any client from taking all of it. */
export interface ServerLimits {
  /** Bytes of a request's body; a larger one is a 413. */
  bodyBytes: number
  /** Bytes of bodies, requests' and responses', that are held at once; one more request body is a 503. */
  bytesInFlight: number
  /** Requests in flight; one more is a 503. */
  requests: number
  /** Requests in flight on one connection, which can pipeline them; one more is a 503, and the connection's end; four times as many end it at once. */
  requestsPerConnection: number
  /** Open connections; one more is closed. */
  connections: number
  /** Milliseconds for the head of a request to come. */
  headMs: number
  /** Milliseconds for all of a request to come. */
  requestMs: number
  /** Milliseconds for a response to be read. */
  responseMs: number
  /** Milliseconds that a connection may idle between requests. */
  idleMs: number
  /** Milliseconds that an ending server waits for requests in flight. */
  farewellMs: number
}

export const LIMITS: Readonly<ServerLimits> = Object.freeze({
  bodyBytes: 32 * 1024 * 1024,
  bytesInFlight: 40 * 1024 * 1024,
  requests: 128,
  requestsPerConnection: 64,
  connections: 2_048,
  headMs: 10_000,
  requestMs: 30_000,
  responseMs: 30_000,
  idleMs: 5_000,
  farewellMs: 10_000,
})
