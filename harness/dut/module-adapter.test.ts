import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { HarnessError, Untestable } from '../failure.ts'
import type { Dut } from './device.ts'
import { loadProfile } from './load-profile.ts'
import { openDut } from './open-dut.ts'

const folder = mkdtempSync(join(tmpdir(), 'module-'))
afterAll(() => rmSync(folder, { recursive: true }))

let count = 0

/** Opens a device through a module with this source; each has a file of its own, because a module is loaded once. */
async function open(source: string, log: (line: string) => void = () => {}): Promise<Dut> {
  const file = join(folder, `adapter-${++count}.ts`)
  writeFileSync(file, source)
  const profile = await loadProfile()
  profile.pixit.timing.adapterSeconds = 0.1
  return await openDut(
    { ...profile, adapter: { kind: 'module', file, options: { box: 'one' } } },
    { stateDir: folder, log },
  )
}

const made = (members: string) =>
  `export const createDut = ({ log, options }) => ({ async provision() {}, async alive() { return true }, async stop() {}, ${members} })`

describe('a module', () => {
  test('makes a device with the options of the profile and a log', async () => {
    const logged: string[] = []
    const dut = await open(
      made('async setLocally(path, value) { log([options.box, path, value].join(" ")) }'),
      (line) => logged.push(line),
    )

    await dut.setLocally('Device.A', 'b')

    expect(logged).toEqual(['one Device.A b'])
    expect(dut.kind).toBe('module')
  })

  test('may be written as a class', async () => {
    const dut = await open(`
      class Box { state: string = 'up'
        async provision() {} async alive() { return this.state === 'up' } async stop() { this.state = 'down' } }
      export async function createDut() { return new Box() }`)

    expect(await dut.alive()).toBe(true)
    await dut.close()
    expect(await dut.alive()).toBe(false)
  })

  test('has the abilities whose functions are there', async () => {
    const dut = await open(made('async readLogs() { return "log" }'))

    expect(dut.supports('readLogs')).toBe(true)
    expect(await dut.readLogs()).toBe('log')
    expect(dut.supports('setClock')).toBe(false)
    await expect(dut.setClock('2030-01-02T03:04:05Z')).rejects.toThrow(Untestable)
    expect(await dut.sendUnknown('makeCoffee')).toBe('unsupported')
  })
})

describe('a module is refused that', () => {
  test.each([
    ['cannot be read', 'export const = 1', 'cannot be loaded'],
    ['exports something else', 'export const createDevice = 1', 'exports no function createDut'],
    ['fails', 'export function createDut() { throw new Error("no box") }', 'createDut failed: no box'],
    ['makes nothing', 'export function createDut() {}', 'createDut made no object'],
    [
      'makes no provision',
      'export const createDut = () => ({ alive() {}, stop() {} })',
      'an object without provision()',
    ],
    [
      'makes no stop',
      'export const createDut = () => ({ alive() {}, provision() {} })',
      'an object without stop()',
    ],
    ['makes an ability of something else', made('powerCycle: true'), 'powerCycle is no function'],
  ])('%s', async (_what, source, message) => {
    const error = await open(source).catch((reason: unknown) => reason)

    expect(error).toBeInstanceOf(HarnessError)
    expect((error as Error).message).toContain(message)
  })
})

describe('it is an error of the adapter when it', () => {
  test.each([
    ['rejects', 'async alive() { throw new Error("no route") }', 'the adapter failed to alive: no route'],
    [
      'answers with something else',
      'async alive() { return "yes" }',
      'answered alive with neither true nor false',
    ],
    [
      'does not settle',
      'alive() { return new Promise(() => {}) }',
      'did not answer alive within 0.1 s (pixit.timing.adapterSeconds)',
    ],
  ])('%s', async (_what, alive, message) => {
    const dut = await open(made(alive))

    const error = await dut.alive().catch((reason: unknown) => reason)

    expect(error).toBeInstanceOf(HarnessError)
    expect((error as Error).message).toContain(message)
  })
})

test('a mutant is made of the reference agent only', async () => {
  const profile = await loadProfile()
  const adapter = { kind: 'module' as const, file: '/nowhere.ts', options: {} }

  await expect(openDut({ ...profile, adapter }, { stateDir: folder, mutant: 'any' })).rejects.toThrow(
    'mutants are made of the reference agent, not of a device of kind module',
  )
})
