import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ManualClock } from '../platform/manual-clock.ts'
import { findProgram, PingProgram } from './ping-program.ts'
import type { ProbeOutcome } from './probe.ts'

let directory: string
let clock: ManualClock

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'cwmp-ping-'))
  clock = new ManualClock()
})

afterEach(() => rmSync(directory, { recursive: true, force: true }))

const TARGET = { address: '192.0.2.9', family: 4, size: 56, dscp: 10, timeout: 1500 } as const
const OTHERWISE: ProbeOutcome = { kind: 'reply', microseconds: 4711 }

/** A probe with a program of that name that runs these lines of shell. */
function pinging(script: string): { path: string; probe: PingProgram } {
  const path = join(directory, 'ping')
  writeFileSync(path, `#!/bin/sh\n${script}\n`)
  chmodSync(path, 0o755)
  return { path, probe: new PingProgram(path, clock, { send: async () => OTHERWISE }) }
}

const signal = new AbortController().signal

describe('PingProgram', () => {
  test.each<[string, ProbeOutcome]>([
    [
      '64 bytes from 192.0.2.9: icmp_seq=1 ttl=64 time=0.045 ms',
      { kind: 'reply', microseconds: 45, code: 0 },
    ],
    ['64 bytes from 192.0.2.9: seq=0 ttl=42 time=12.3 ms', { kind: 'reply', microseconds: 12_300, code: 0 }],
    ['64 bytes from 192.0.2.9: icmp_seq=1 time<1 ms', { kind: 'reply', microseconds: 1000, code: 0 }],
    ['From 192.0.2.1 icmp_seq=1 Time to live exceeded', { kind: 'expired', address: '192.0.2.1' }],
    [
      'From 2001:db8::1: icmp_seq=1 Time exceeded: Hop limit exceeded',
      { kind: 'expired', address: '2001:db8::1' },
    ],
    ['From 192.0.2.1 icmp_seq=1 Destination Host Unreachable', { kind: 'unreachable' }],
    ['ping: connect: Network is unreachable', { kind: 'unreachable' }],
    ['1 packets transmitted, 0 received, 100% packet loss', { kind: 'silence' }],
    ['ping: socket: Operation not permitted', OTHERWISE],
    ['', OTHERWISE],
  ])('understands %j', async (output, outcome) => {
    expect(await pinging(`echo '${output}' >&2; exit 1`).probe.send(TARGET, signal)).toEqual(outcome)
  })

  test('says what to send', async () => {
    const { probe } = pinging('echo "time=$#000 ms" && echo "$@" > "$(dirname "$0")/arguments"')
    await probe.send({ ...TARGET, hops: 3 }, signal)

    expect(readFileSync(join(directory, 'arguments'), 'utf8').trim()).toBe(
      '-4 -n -c 1 -s 56 -W 2 -Q 40 -t 3 192.0.2.9',
    )
  })

  test('is stopped after the timeout, or when nobody wants to know', async () => {
    const { probe } = pinging('exec sleep 60')
    const late = probe.send(TARGET, signal)
    clock.advance(1500)
    expect(await late).toEqual({ kind: 'silence' })

    const abort = new AbortController()
    const unwanted = probe.send(TARGET, abort.signal)
    abort.abort()
    expect(await unwanted).toEqual({ kind: 'silence' })
  })

  test('is found where the path says', () => {
    const { path } = pinging('')
    writeFileSync(join(directory, 'plain'), '')

    expect(findProgram('ping', `/nowhere:${directory}`)).toBe(path)
    expect(findProgram('plain', directory)).toBeUndefined()
    expect(findProgram('ping', '')).toBeUndefined()
  })
})
