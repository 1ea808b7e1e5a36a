import type http from 'node:http'
import type https from 'node:https'
import type net from 'node:net'
import type stream from 'node:stream'
import type timers from 'node:timers'
import type tls from 'node:tls'
import type zlib from 'node:zlib'

// Modules of Node by process.getBuiltinModule, each where it is first used. An import loads what most processes do without
// (a call to loopback has no TLS, and few responses are packed), and reads everything that a module exports: that of
// node:process alone brings in the report and the standard streams. Both were a fifth of what a first call costs.

/** Loads `node:http`. */
export const loadHttp = (): typeof http => process.getBuiltinModule('node:http')

/** Loads `node:https`. */
export const loadHttps = (): typeof https => process.getBuiltinModule('node:https')

/** Loads `node:net`. */
export const loadNet = (): typeof net => process.getBuiltinModule('node:net')

/** Loads `node:stream`. */
export const loadStream = (): typeof stream => process.getBuiltinModule('node:stream')

/** Loads `node:timers`: Jest's jsdom has no global `setImmediate`. */
export const loadTimers = (): typeof timers => process.getBuiltinModule('node:timers')

/** Loads `node:tls`. */
export const loadTls = (): typeof tls => process.getBuiltinModule('node:tls')

/** Loads `node:zlib`. */
export const loadZlib = (): typeof zlib => process.getBuiltinModule('node:zlib')
