import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { networkInterfaces } from 'node:os'
import { promisify } from 'node:util'
import { Untestable } from '../failure.ts'

/** What the NAT shows to the outside in place of the device's UDP ports. */
const UDP_PORTS = '40000-49999'
/** Setting it up takes a fraction of a second; a tool that hangs is none. */
const TOOL_MS = 10_000

const DEVICE = '192.168.77.2'
const GATEWAY = '192.168.77.1'

const run = promisify(execFile)
let networks = 0

/**
 * A private network behind a NAT on this machine: two network namespaces of Linux, one for the device and one for the NAT, whose
 * kernel masquerades. Each namespace lives as long as a process in it, and that process as long as this one: nothing of it is
 * left behind, even after kill -9.
 */
export class NatNetwork {
  /** So long the NAT keeps a binding over which nothing goes, and no longer. */
  static readonly bindingSeconds = 3
  /** Address of the bench, where its servers listen for the device. */
  readonly bench: string
  /** Address of the NAT, from which the device seems to come. */
  readonly outside: string
  /** Address of the device in the private network. */
  readonly device = DEVICE
  /** Precedes the command of a program that is to run in the private network. */
  readonly enter: readonly string[]
  readonly #holders: readonly ChildProcess[]

  private constructor(bench: string, outside: string, holders: readonly [ChildProcess, ChildProcess]) {
    this.bench = bench
    this.outside = outside
    this.enter = within(holders[1])
    this.#holders = holders
  }

  /** @throws Untestable with the reason where networks cannot be laid: not Linux, not root, no tools */
  static async lay(): Promise<NatNetwork> {
    const holders: ChildProcess[] = []
    try {
      const nat = await holdNamespace(holders)
      const lan = await holdNamespace(holders)
      networks += 1
      const name = `cwmp${process.pid}n${networks}`.slice(-15)
      const { bench, outside } = freeAddresses()
      await inOrder([
        ['ip', 'link', 'add', name, 'type', 'veth', 'peer', 'name', 'outside', 'netns', String(nat.pid)],
        ['ip', 'addr', 'add', `${bench}/30`, 'dev', name],
        ['ip', 'link', 'set', name, 'up'],
        ...[
          ['ip', 'addr', 'add', `${outside}/30`, 'dev', 'outside'],
          ['ip', 'link', 'set', 'outside', 'up'],
          ['ip', 'link', 'add', 'inside', 'type', 'veth', 'peer', 'name', 'lan', 'netns', String(lan.pid)],
          ['ip', 'addr', 'add', `${GATEWAY}/24`, 'dev', 'inside'],
          ['ip', 'link', 'set', 'inside', 'up'],
          setting('ip_forward', 1),
          ['iptables', '-t', 'nat', '-A', 'POSTROUTING', '-o', 'outside', '-p', 'udp', ...masquerade],
          ['iptables', '-t', 'nat', '-A', 'POSTROUTING', '-o', 'outside', '-j', 'MASQUERADE'],
          setting('netfilter/nf_conntrack_udp_timeout', NatNetwork.bindingSeconds),
          setting('netfilter/nf_conntrack_udp_timeout_stream', NatNetwork.bindingSeconds),
        ].map((command) => [...within(nat), ...command]),
        ...[
          ['ip', 'addr', 'add', `${DEVICE}/24`, 'dev', 'lan'],
          ['ip', 'link', 'set', 'lan', 'up'],
          ['ip', 'link', 'set', 'lo', 'up'],
          ['ip', 'route', 'add', 'default', 'via', GATEWAY],
        ].map((command) => [...within(lan), ...command]),
      ])
      return new NatNetwork(bench, outside, [nat, lan])
    } catch (error) {
      await Promise.all(holders.map(release))
      throw new Untestable(`no network with a NAT can be laid on this machine: ${reasonOf(error)}`)
    }
  }

  /** Takes it down. What still runs in it is cut off from everything. */
  async close(): Promise<void> {
    await Promise.all(this.#holders.map(release))
  }
}

const masquerade = ['-j', 'MASQUERADE', '--to-ports', UDP_PORTS]

function setting(name: string, value: number): string[] {
  const path = name.includes('/') ? `/proc/sys/net/${name}` : `/proc/sys/net/ipv4/${name}`
  return ['sh', '-c', `echo ${value} > ${path}`]
}

function within({ pid }: ChildProcess): string[] {
  return ['nsenter', `--net=/proc/${pid}/ns/net`, '--']
}

/** Starts a process in a network namespace of its own, which ends with its standard input. */
async function holdNamespace(holders: ChildProcess[]): Promise<ChildProcess> {
  const holder = spawn('unshare', ['--net', 'sh', '-c', 'echo ready; exec cat'], {
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  holders.push(holder)
  let said = ''
  holder.stderr.on('data', (octets: Buffer) => {
    said += octets
  })
  holder.stdin.on('error', () => {})
  const ended = once(holder, 'close').then(() => Promise.reject(new Error(said)))
  ended.catch(() => {})
  await Promise.race([once(holder.stdout, 'data'), ended])
  return holder
}

async function release(holder: ChildProcess): Promise<void> {
  if (holder.pid === undefined || holder.exitCode !== null || holder.signalCode !== null) return
  const gone = once(holder, 'exit')
  holder.kill('SIGKILL')
  await gone
}

async function inOrder(commands: readonly (readonly string[])[]): Promise<void> {
  for (const [program = '', ...args] of commands) await run(program, args, { timeout: TOOL_MS })
}

/** Two addresses of a network for benches (RFC 2544) that no interface here has, another one for each process. */
function freeAddresses(): { bench: string; outside: string } {
  const taken = Object.values(networkInterfaces()).flatMap((each) => each ?? [])
  for (let at = process.pid; ; at++) {
    const net = (at % 0x8000) * 4
    const address = (host: number) => `198.${18 + (net >> 16)}.${(net >> 8) & 0xff}.${(net & 0xff) + host}`
    const [bench, outside] = [address(1), address(2)]
    if (!taken.some((one) => one.address === bench || one.address === outside)) return { bench, outside }
  }
}

function reasonOf(error: unknown): string {
  const { stderr, message } = error as { readonly stderr?: string; readonly message: string }
  return (stderr?.trim() || message.trim()).split('\n', 1)[0] ?? ''
}
