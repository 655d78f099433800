import { BlockList, connect, isIP } from 'node:net'

/** Tries to connect by TCP. @returns why that failed, in a word or two */
type TryConnect = (host: string, port: number) => Promise<string | undefined>

/** From where a device can be looked for. */
export interface Viewpoints {
  readonly fromAcs: TryConnect
  readonly fromHere?: TryConnect
}

/** GenieACS waits no longer for a device, in milliseconds. */
const CONNECT_MS = 2000

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8, 'ipv4')
loopback.addAddress('::1', 'ipv6')

/**
 * Whether it is the bench that keeps an ACS in a container from calling the device: this machine reaches the ConnectionRequestURL, and the
 * ACS does not. Where neither does, nobody takes calls there, which is the device's own affair; so is a URL that is none.
 * @param url as the device told it
 * @returns one line that says what cannot be reached, from where, and what to change; undefined where nothing is wrong with the bench
 */
export async function whyNotCallable(
  url: string,
  { fromAcs, fromHere = tryConnect }: Viewpoints,
): Promise<string | undefined> {
  const parsed = URL.parse(url)
  if (parsed?.protocol !== 'http:' && parsed?.protocol !== 'https:') return undefined
  const host = parsed.hostname.replace(/^\[|\]$/g, '')
  const port = Number(parsed.port || (parsed.protocol === 'http:' ? 80 : 443))
  const isLocal = isLoopback(host)
  if (!isLocal && (await fromAcs(host, port)) === undefined) return undefined
  if ((await fromHere(host, port)) !== undefined) return undefined
  // Without its path, which may be the device's secret.
  const place = `the ACS cannot call the device: its ConnectionRequestURL at ${parsed.origin}`
  if (isLocal)
    return `${place} is on the loopback address of this machine, which a container does not reach; have it listen on another one, such as that of docker0, and tell that (docs/writing-a-dut-adapter.md)`
  // Once more: either may have been slow, and the device may have been about to listen.
  const why = await fromAcs(host, port)
  return why === undefined
    ? undefined
    : `${place} is reached from this machine, and not from the container of the ACS (${why}); let containers through to it (docs/writing-a-dut-adapter.md)`
}

function isLoopback(host: string): boolean {
  const version = isIP(host)
  if (version === 0) return /(^|\.)localhost$/i.test(host)
  return loopback.check(host, version === 4 ? 'ipv4' : 'ipv6')
}

/** From this machine. */
function tryConnect(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: CONNECT_MS })
    const end = (why?: string) => {
      socket.destroy()
      resolve(why)
    }
    socket.on('connect', () => end())
    socket.on('timeout', () => end('no answer'))
    socket.on('error', (error: NodeJS.ErrnoException) => end(error.code ?? error.message))
  })
}
