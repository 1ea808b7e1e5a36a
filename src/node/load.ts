import process from 'node:process'
import type https from 'node:https'
import type tls from 'node:tls'
import type zlib from 'node:zlib'

// Modules that take a process a quarter of its first call and that most processes do without: a call to loopback has no
// TLS, and few responses are packed.

/** Loads `node:https`. */
export const loadHttps = (): typeof https => process.getBuiltinModule('node:https')

/** Loads `node:tls`. */
export const loadTls = (): typeof tls => process.getBuiltinModule('node:tls')

/** Loads `node:zlib`. */
export const loadZlib = (): typeof zlib => process.getBuiltinModule('node:zlib')
