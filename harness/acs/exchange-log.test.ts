import { describe, expect, it } from 'vitest'
import type { Exchange } from './exchange.ts'
import { ExchangeLog } from './exchange-log.ts'

let forgotten: number[] = []

/** As much of an exchange as the log looks at. */
function exchange(connection: number, octets = 0): Exchange {
  const part: Partial<Exchange> = {
    connection,
    body: Buffer.alloc(octets),
    forgetEnvelope: () => {
      forgotten.push(connection)
    },
  }
  return part as Exchange
}

describe('ExchangeLog', () => {
  it('keeps the beginning and the latest exchanges', () => {
    const log = new ExchangeLog([exchange(-2), exchange(-1)])
    for (let count = 0; count < 5000; count += 1) log.add(exchange(count))
    const kept = log.all.map(({ connection }) => connection)
    expect(kept.slice(0, 2)).toEqual([-2, -1])
    expect(kept.slice(2)).toEqual(
      Array.from({ length: kept.length - 2 }, (_unused, index) => 5002 - kept.length + index),
    )
    expect(kept.length).toBeGreaterThan(1000)
    expect(kept.length).toBeLessThan(1300)
    expect(log.last.connection).toBe(4999)
  })

  it('keeps fewer large ones, but always the latest', () => {
    const log = new ExchangeLog([exchange(-1, 100)])
    for (let count = 0; count < 5; count += 1) log.add(exchange(count, 3 << 20))
    expect(log.all.map(({ connection }) => connection)).toEqual([-1, 3, 4])
    log.add(exchange(5, 9 << 20))
    expect(log.all.map(({ connection }) => connection)).toEqual([-1, 5])
  })

  it('has old envelopes forgotten, each once and never those of the beginning', () => {
    forgotten = []
    const log = new ExchangeLog([exchange(-1)])
    for (let count = 0; count < 60; count += 1) log.add(exchange(count))
    expect(forgotten).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
  })
})
