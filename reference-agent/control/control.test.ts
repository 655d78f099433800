import { once } from 'node:events'
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Log } from '../platform/platform.ts'
import { parseCommand } from './command.ts'
import { type Controlled, ControlServer } from './control.ts'

let directory: string
let server: ControlServer
let done: unknown[]

const controlled: Controlled = {
  status: async () => ({ inSession: false, events: ['1 BOOT'] }),
  setLocally: async (path, value) => {
    if (path === 'Device.Nowhere') throw new Error('9005 Invalid parameter name: Device.Nowhere')
    done.push([path, value])
  },
  provision: async (account) => void done.push(account),
  setClock: async (time) => void done.push(new Date(time).toISOString()),
  factoryReset: async () => void done.push('factory reset'),
  reboot: async () => void done.push('reboot'),
  featureCommand: async (name, members) =>
    name === 'greet'
      ? { greeting: `hello ${members.text('who')}${members.optional('mark') ?? ''}` }
      : name === 'tr069 inform'
        ? { status: 1, event: members.text('event') }
        : undefined,
}

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'cwmp-control-'))
  done = []
  server = new ControlServer(directory, controlled, new Log('EMERG', () => {}))
})

afterEach(async () => {
  await server.close()
  rmSync(directory, { recursive: true, force: true })
})

/** Sends octets and gives the answers, of which so many are expected. */
function send(octets: string, expected: number): Promise<unknown[]> {
  return new Promise((resolve, reject) => {
    const socket = connect(join(directory, 'control.sock'), () => socket.write(octets))
    let text = ''
    socket.on('error', reject)
    socket.on('data', (chunk) => {
      text += chunk
      const lines = text.split('\n').slice(0, -1)
      if (lines.length < expected) return
      socket.destroy()
      resolve(lines.map((line) => JSON.parse(line)))
    })
  })
}

describe('ControlServer', () => {
  test('answers each line with one, in their order', async () => {
    await server.listen()

    const answers = await send(
      '{"command":"status"}\n\n{"command":"set","path":"Device.X","value":"1"}\n{"command":"reboot"}\n{"command":"factory-reset"}\n',
      4,
    )

    expect(answers).toEqual([
      { ok: true, inSession: false, events: ['1 BOOT'] },
      { ok: true },
      { ok: true },
      { ok: true },
    ])
    expect(done).toEqual([['Device.X', '1'], 'reboot', 'factory reset'])
  })

  test('hears nobody out who never ends a line', async () => {
    await server.listen()

    const answers = await send('x'.repeat(1024 * 1024 + 2), 1)
    const after = await send(`${' '.repeat(1000)}\n{"command":"status"}\n`, 1)

    expect(answers).toEqual([{ ok: false, error: 'the line is longer than 1048576 octets' }])
    expect(after).toMatchObject([{ ok: true }])
  })

  test('sets the clock', async () => {
    await server.listen()

    await send('{"command":"set-clock","time":"2030-01-02T03:04:05Z"}\n', 1)

    expect(done).toEqual(['2030-01-02T03:04:05.000Z'])
  })

  test('says what went wrong and goes on', async () => {
    await server.listen()

    const answers = await send(
      'nonsense\n{"command":"dance"}\n{"command":"set","path":"Device.Nowhere","value":""}\n{"command":"set"}\n{"command":"status"}\n',
      5,
    )

    expect(answers).toEqual([
      { ok: false, error: 'the line is no JSON' },
      { ok: false, error: 'unknown command dance', unsupported: true },
      { ok: false, error: '9005 Invalid parameter name: Device.Nowhere' },
      { ok: false, error: 'path is missing or no text' },
      { ok: true, inSession: false, events: ['1 BOOT'] },
    ])
  })

  test('leaves what it does not know itself to the features of the device', async () => {
    await server.listen()

    const answers = await send(
      '{"command":"greet","who":"you","mark":"!"}\n{"command":"greet","who":7}\n{"command":"greet"}\n',
      3,
    )

    expect(answers).toEqual([
      { ok: true, greeting: 'hello you!' },
      { ok: true, greeting: 'hello 7' },
      { ok: false, error: 'who is missing or no text' },
    ])
  })

  test('takes the place of a socket that a killed agent left, for its owner alone', async () => {
    writeFileSync(join(directory, 'control.sock'), '')

    await server.listen()

    expect(statSync(join(directory, 'control.sock')).mode & 0o077).toBe(0)
    expect(await send('{"command":"status"}\n', 1)).toHaveLength(1)
  })

  test('explains a path that is too long for a socket', async () => {
    const deep = new ControlServer(join(directory, 'x'.repeat(100)), controlled, new Log('EMERG', () => {}))

    await expect(deep.listen()).rejects.toThrow('too long for a socket')
  })

  test('lives on when clients hang up before they are answered', async () => {
    await server.listen()

    for (let turn = 0; turn < 5; turn++) {
      const socket = connect(join(directory, 'control.sock'), () => {
        socket.write('{"command":"status"}\n'.repeat(1000), () => socket.destroy())
      })
      await once(socket, 'close')
    }

    expect(await send('{"command":"status"}\n', 1)).toMatchObject([{ ok: true }])
  })
})

describe('parseCommand', () => {
  test('reads what a device is provisioned with', () => {
    const line = JSON.stringify({
      command: 'provision',
      acsUrl: 'http://acs/',
      username: 'u',
      password: 'p',
      periodicInformInterval: 30,
    })

    expect(parseCommand(line)).toEqual({
      command: 'provision',
      account: { acsUrl: 'http://acs/', acsUsername: 'u', acsPassword: 'p', periodicInformInterval: 30 },
    })
  })

  test('reads texts by name', () => {
    const read = (line: string) => {
      const command = parseCommand(line)
      return command.command === 'feature' ? command.members.texts('with') : undefined
    }

    expect(read('{"command":"greet","with":{"a":"b"}}')).toEqual({ a: 'b' })
    expect(read('{"command":"greet"}')).toEqual({})
    for (const wrong of ['["a"]', '"a"', '{"a":1}'])
      expect(() => read(`{"command":"greet","with":${wrong}}`)).toThrow('with is no object of texts')
  })

  test('takes numbers and booleans for values as they are written', () => {
    expect(parseCommand('{"command":"set","path":"Device.X","value":true}')).toMatchObject({ value: 'true' })
    expect(parseCommand('{"command":"set","path":"Device.X","value":17}')).toMatchObject({ value: '17' })
  })

  test.each([
    '[]',
    'null',
    '"status"',
    '{}',
    '{"command":[]}',
    '{"command":"provision"}',
    '{"command":"set-clock","time":"noon"}',
  ])('refuses %s', (line) => {
    expect(() => parseCommand(line)).toThrow(/.+/)
  })
})

describe('calls of objects', () => {
  test('are answered with what the object says and nothing else', async () => {
    await server.listen()

    const answers = await send(
      '{"object":"tr069","method":"inform","params":{"event":"1 boot"}}\n{"object":"tr069","method":"dance"}\n',
      2,
    )

    expect(answers).toEqual([
      { status: 1, event: '1 boot' },
      { ok: false, error: 'unknown command tr069 dance', unsupported: true },
    ])
  })
})
