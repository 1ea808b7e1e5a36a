import { Socket } from 'node:net'

// Whatever a framework may want to tell its makers, no connection leaves the machine.
const connect = Reflect.get(Socket.prototype, 'connect') as (...args: unknown[]) => Socket
Socket.prototype.connect = function (this: Socket, ...args: unknown[]): Socket {
  const [target] = args.flat()
  const host: unknown =
    typeof target === 'object' && target !== null ? Reflect.get(target, 'host') : undefined
  if (host !== '127.0.0.1') throw new Error(`A connection to ${String(host)}: tests stay on loopback`)
  return Reflect.apply(connect, this, args)
}
