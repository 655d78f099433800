import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Log } from '../platform/platform.ts'
import { FileStateStore, lockStateDirectory, StateDirectoryInUse } from './state.ts'

let directory: string
let lines: string[]
const log = new Log('DEBUG', (line) => lines.push(line))
const open = () => new FileStateStore(directory, log)

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'cwmp-state-'))
  lines = []
})

afterEach(() => rmSync(directory, { recursive: true, force: true }))

describe('FileStateStore', () => {
  test('keeps what was committed, and forgets what was removed', () => {
    const store = open()
    store.commit({ events: ['0 BOOTSTRAP'], retry: { count: 3 } })
    store.commit({ retry: undefined, 'datamodel.values': { 'Device.X': 'ä€😀' } })

    const reopened = open()

    expect(reopened.get('events')).toEqual(['0 BOOTSTRAP'])
    expect(reopened.get('retry')).toBeUndefined()
    expect(reopened.get('datamodel.values')).toEqual({ 'Device.X': 'ä€😀' })
  })

  test('writes nothing when nothing changes', () => {
    const store = open()
    store.commit({ a: { x: 1 } })
    let writes = 0
    store.writeFile = () => void writes++

    store.commit({ a: { x: 1 } })
    store.commit({ a: { x: 1 }, b: undefined })
    store.commit({})

    expect(writes).toBe(0)
  })

  test('shows the old state when the disk refuses the new one', () => {
    const store = open()
    store.commit({ a: 1 })
    store.writeFile = () => {
      throw new Error('no space left on device')
    }

    expect(() => store.commit({ a: 2 })).toThrow('no space left')
    expect(store.get('a')).toBe(1)
  })

  test('writes once what was committed together', () => {
    const store = open()
    const writes: string[] = []
    store.writeFile = (content) => void writes.push(content)

    const seen = store.together(() => {
      store.commit({ events: ['M Download'] })
      store.together(() => store.commit({ transfers: [1] }))
      return store.get('transfers')
    })

    expect(seen).toEqual([1])
    expect(writes).toHaveLength(1)
    expect(writes[0]).toContain('"events":["M Download"],"transfers":[1]')
  })

  test('forgets what was committed together when the rest of the work fails', () => {
    const store = open()
    store.commit({ transfers: [1] })

    const work = () =>
      store.together(() => {
        store.commit({ transfers: [1, 2] })
        throw new Error('refused')
      })

    expect(work).toThrow('refused')
    expect(store.get('transfers')).toEqual([1])
    store.commit({ events: [] })
    expect(open().get('transfers')).toEqual([1])
  })

  test('clears all sections but those to keep', () => {
    open().commit({ a: 1, b: 2, c: 3 })

    open().clear(['b'])

    const store = open()
    expect([store.get('a'), store.get('b'), store.get('c')]).toEqual([undefined, 2, undefined])
  })

  test('removes what an interrupted write left behind', () => {
    open().commit({ a: 1 })
    writeFileSync(join(directory, 'state.json.new'), 'half a sta')

    expect(open().get('a')).toBe(1)
    expect(readdirSync(directory)).toEqual(['state.json'])
  })

  test.each([
    ['cut off', (content: string) => content.slice(0, -10)],
    ['empty', () => ''],
    ['of one changed character', (content: string) => content.replace('precious', 'Precious')],
    ['of something else', () => '{"a":1}'],
  ])('sets a file %s aside, says so in one line, and starts anew', (_name, damage) => {
    open().commit({ a: 'precious' })
    const path = join(directory, 'state.json')
    const damaged = damage(readFileSync(path, 'utf8'))
    writeFileSync(path, damaged)

    const store = open()

    expect(store.get('a')).toBeUndefined()
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatch(/\[ALERT\] .*state\.json is damaged/)
    const [aside = ''] = readdirSync(directory)
    expect(aside).toMatch(/^state\.json\.damaged-/)
    expect(readFileSync(join(directory, aside), 'utf8')).toBe(damaged)
  })
})

/** Writes states whose parts have to agree until it is killed, and tells when the first stands. */
const WRITER = `
import { FileStateStore } from ${JSON.stringify(new URL('./store.ts', import.meta.url).href)}
import { Log } from ${JSON.stringify(new URL('../platform/log.ts', import.meta.url).href)}
const store = new FileStateStore(process.argv[1], new Log('DEBUG', () => {}))
let count = store.get('count') ?? 0
for (;;) {
  count++
  store.commit({ count, copy: { count, ballast: String(count).repeat(2000) } })
  if (count % 5 === 1) process.stdout.write(count + '\\n')
}
`

test('a process killed at any moment leaves a whole state, never older than what it has reported', async () => {
  let reported = 0
  for (let round = 0; round < 12; round++) {
    reported = Math.max(reported, await killedWriter(round * 3))

    const store = open()
    const count = store.get<number>('count') ?? 0
    expect(lines).toEqual([])
    expect(count).toBeGreaterThanOrEqual(reported)
    expect(store.get('copy')).toEqual({ count, ballast: String(count).repeat(2000) })
    expect(readdirSync(directory)).toEqual(['state.json'])
  }
})

/** Runs the writer, kills it that many milliseconds after its first report, and gives the last number it reported. */
async function killedWriter(afterMs: number): Promise<number> {
  const writer: ChildProcess = spawn(process.execPath, ['--input-type=module', '-e', WRITER, directory], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let output = ''
  writer.stdout?.on('data', (chunk) => {
    if (output === '') setTimeout(() => writer.kill('SIGKILL'), afterMs)
    output += chunk
  })
  const [, signal] = await new Promise<[number | null, string | null]>((resolve) => {
    writer.on('close', (...how) => resolve(how))
  })
  expect(signal).toBe('SIGKILL')
  return Math.max(...output.trim().split('\n').slice(0, -1).map(Number), 0)
}

describe('lockStateDirectory', () => {
  test('lets one agent in, and the next one when that has gone', () => {
    const nested = join(directory, 'a', 'b')
    const unlock = lockStateDirectory(nested)

    expect(() => lockStateDirectory(nested)).toThrow(StateDirectoryInUse)
    unlock()
    lockStateDirectory(nested)()
  })

  test('does not outlive a killed process', async () => {
    const locker = spawn(
      process.execPath,
      [
        '--input-type=module',
        '-e',
        `import { lockStateDirectory } from ${JSON.stringify(new URL('./lock.ts', import.meta.url).href)}
         globalThis.unlock = lockStateDirectory(process.argv[1]); console.log('locked'); setInterval(() => {}, 1000)`,
        directory,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    )
    await new Promise((resolve) => locker.stdout.once('data', resolve))
    expect(() => lockStateDirectory(directory)).toThrow(StateDirectoryInUse)

    const ended = new Promise((resolve) => locker.once('close', resolve))
    locker.kill('SIGKILL')
    await ended

    lockStateDirectory(directory)()
  })

  test('says what is wrong with a path that cannot be a directory', () => {
    writeFileSync(join(directory, 'file'), '')

    expect(() => lockStateDirectory(join(directory, 'file'))).toThrow(
      /file cannot be used as state .(EEXIST|ENOTDIR)/,
    )
  })
})

test('the state, which holds passwords, is for its owner alone', () => {
  const nested = join(directory, 'fresh')

  new FileStateStore(nested, log).commit({ secret: 'x' })

  expect(statSync(nested).mode & 0o077).toBe(0)
  expect(statSync(join(nested, 'state.json')).mode & 0o077).toBe(0)
})

describe('together', () => {
  test('has everybody take back, latest first, what the disk refused at the end', () => {
    const store = open()
    const undone: string[] = []
    store.writeFile = () => {
      throw new Error('no space left on device')
    }

    const work = () =>
      store.together(() => {
        store.commit({ a: 1 })
        store.onRollback(() => undone.push('first'))
        store.together(() => store.onRollback(() => undone.push('second')))
      })

    expect(work).toThrow('no space left')
    expect(undone).toEqual(['second', 'first'])
  })

  test('has nothing taken back that is durable', () => {
    const store = open()
    const undone: string[] = []
    store.together(() => {
      store.commit({ a: 1 })
      store.onRollback(() => undone.push('done'))
    })
    store.onRollback(() => undone.push('outside'))

    expect(() =>
      store.together(() => {
        throw new Error('refused')
      }),
    ).toThrow('refused')
    expect(undone).toEqual([])
  })
})

test('tells the log once that the disk refuses, and that it does so no more', () => {
  const store = open()
  const { writeFile } = store
  store.writeFile = () => {
    throw Object.assign(new Error('full'), { code: 'ENOSPC' })
  }
  expect(() => store.commit({ a: 1 })).toThrow('full')
  expect(() => store.commit({ a: 2 })).toThrow('full')
  store.writeFile = writeFile
  store.commit({ a: 3 })
  store.commit({ a: 4 })

  expect(lines.map((line) => line.slice(line.indexOf('[')))).toEqual([
    `[ALERT]   ${join(directory, 'state.json')} cannot be written (ENOSPC): nothing new is kept`,
    `[NOTICE]  ${join(directory, 'state.json')} can be written again`,
  ])
})

describe('a state directory that is none is named', () => {
  const cases: [string, string][] = [
    ['state.json', 'EISDIR'],
    ['state.json.new', 'EISDIR'],
  ]
  test.each(cases)('a directory in place of %s', (name, code) => {
    mkdirSync(join(directory, name))

    expect(open).toThrow(`${join(directory, name)} cannot be used as state (${code})`)
  })

  test('a foreign file in place of the lock', () => {
    writeFileSync(join(directory, 'agent.lock'), 'x'.repeat(5000))

    expect(() => lockStateDirectory(directory)).toThrow(
      `${join(directory, 'agent.lock')} cannot be used as state (file is not a database)`,
    )
  })
})
