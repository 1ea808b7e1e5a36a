import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { systemReason } from '../system-reason.ts'

/** Listens; resolves with the URL by which this machine reaches the server. @throws Error when the address can't be had */
export function listen(server: Server, { host, port }: { host: string; port: number }): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      reject(new Error(`Can't listen on ${host}:${port}: ${systemReason(cause)}`, { cause }))
    })
    server.listen(port, host, () => {
      const { address, family, port: bound } = server.address() as AddressInfo
      const name =
        { '0.0.0.0': '127.0.0.1', '::': '[::1]' }[address] ?? (family === 'IPv6' ? `[${address}]` : address)
      resolve(`http://${name}:${bound}`)
    })
  })
}
