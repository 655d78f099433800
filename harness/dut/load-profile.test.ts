import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { loadProfile } from './load-profile.ts'
import { ProfileError } from './profile-error.ts'
import { referenceProfile } from './reference-profile.ts'

let folder: string
let file: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'profile-'))
  file = join(folder, 'dut.json')
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})

/** The lines of the error that `profile` (an object, or the text of the file) causes, without the folder. */
async function errorsOf(profile: unknown): Promise<string[]> {
  writeFileSync(file, typeof profile === 'string' ? profile : JSON.stringify(profile))
  const error = await loadProfile(file).then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(ProfileError)
  return (error as ProfileError).lines.map((line) => line.replace(`${folder}/`, ''))
}

const load = async (profile: unknown) => {
  writeFileSync(file, JSON.stringify(profile))
  return await loadProfile(file)
}
const changed = (changes: object) => ({ ...referenceProfile, ...changes })

test('is the profile of the reference agent without a file', async () => {
  const profile = await loadProfile()

  expect(profile.adapter).toEqual({ kind: 'reference' })
  expect(profile.pixit.acs).toEqual({
    host: '127.0.0.1',
    port: 0,
    xmlDeclaration: true,
    soapPrefixes: { envelope: 'soapenv', encoding: 'soapenc' },
  })
  expect(profile.pixit.parameters.writableString.path).toBe('Device.DeviceInfo.ProvisioningCode')
})

test('is plain data, because it crosses a process boundary', async () => {
  const profile = await loadProfile()

  expect(structuredClone(profile)).toEqual(profile)
})

test('fills in every default of the PIXIT', async () => {
  const { pixit: _none, ...minimal } = referenceProfile

  const { pixit } = await load(minimal)

  expect(pixit.timing).toEqual({
    bootSeconds: 60,
    informSeconds: 30,
    responseSeconds: 30,
    rebootSeconds: 120,
    transferSeconds: 300,
    diagnosticsSeconds: 120,
    adapterSeconds: 10,
  })
  expect(pixit.clockRate).toBe(1)
  expect(pixit.tables.writable?.path).toBe('Device.NAT.PortMapping.')
  expect(pixit.parameters.writableInt).toBeUndefined()
})

test('takes null as "the device has none of this"', async () => {
  const { pixit } = await load(changed({ pixit: { tables: { writable: null } } }))

  expect(pixit.tables.writable).toBeUndefined()
  expect(pixit.tables.readOnly).toBeDefined()
})

test('takes the defaults of TR-098 under the root InternetGatewayDevice.', async () => {
  const { pixit } = await load(
    changed({
      cwmp: { version: '1.0', root: 'InternetGatewayDevice.' },
      pixit: { parameters: { readOnly: { path: 'InternetGatewayDevice.DeviceSummary' } } },
    }),
  )

  expect(pixit.parameters.readOnly.path).toBe('InternetGatewayDevice.DeviceSummary')
  expect(pixit.parameters.writableUnsignedInt.path).toBe(
    'InternetGatewayDevice.ManagementServer.PeriodicInformInterval',
  )
  expect(pixit.tables.writable).toBeUndefined()
  expect(JSON.stringify(pixit)).not.toContain('"Device.')
})

describe('credentials', () => {
  test('come from the environment when the profile says so', async () => {
    process.env.CONFORMANCE_TEST_SECRET = 'from outside'

    const { pixit } = await load(
      changed({ pixit: { credentials: { acsPassword: { env: 'CONFORMANCE_TEST_SECRET' } } } }),
    )

    expect(pixit.credentials.acsPassword).toBe('from outside')
    delete process.env.CONFORMANCE_TEST_SECRET
  })

  test('are an error when the environment has no such variable', async () => {
    const credentials = { acsPassword: { env: 'CONFORMANCE_TEST_MISSING' } }

    expect(await errorsOf(changed({ pixit: { credentials } }))).toEqual([
      'dut.json: pixit.credentials.acsPassword: expected the environment variable CONFORMANCE_TEST_MISSING to be set, got no such variable',
    ])
  })

  test('are never repeated in an error', async () => {
    const credentials = { acsPassword: `${'s3cret'.repeat(50)}`, acsUsername: 7 }

    expect(await errorsOf(changed({ pixit: { credentials } }))).toEqual([
      'dut.json: pixit.credentials.acsUsername: expected a text of 1 to 256 characters or { "env": "NAME" }, got a number',
      'dut.json: pixit.credentials.acsPassword: expected a text of at most 256 characters, got a text of 300 characters',
    ])
  })
})

test('finds the files to transfer beside the profile', async () => {
  writeFileSync(join(folder, 'image.bin'), 'octets')
  const image = { file: './image.bin' }
  const firmware = [
    { version: '1', ...image },
    { version: '2', text: 'octets' },
  ]

  const { pixit } = await load(changed({ pixit: { files: { firmware, corruptFirmware: image } } }))

  expect(pixit.files.firmware?.[0]).toEqual({ version: '1', file: join(folder, 'image.bin') })
  expect(pixit.files.firmware?.[1]).toEqual({ version: '2', text: 'octets' })
  expect(pixit.files.corruptFirmware).toEqual({ file: join(folder, 'image.bin') })
  expect(pixit.files.ordinary).toBeUndefined()
})

describe('one line says', () => {
  test.each([
    [
      { corruptFirmware: { file: 'none.bin' } },
      'corruptFirmware.file: expected a file, got none.bin (no such file)',
    ],
    [
      {
        firmware: [
          { version: '1', text: '' },
          { version: '2', file: 'b' },
        ],
      },
      'firmware[1].file: expected a file, got b (no such file)',
    ],
    [{ corruptFirmware: {} }, 'corruptFirmware: expected either "file" or "text", got an object'],
    [
      { ordinary: { fileType: 'Firmware', text: '' } },
      'ordinary.fileType: expected a file type such as "1 Firmware Upgrade Image", got "Firmware"',
    ],
  ])('what is wrong with the files %j', async (files, expected) => {
    expect(await errorsOf(changed({ pixit: { files } }))).toEqual([`dut.json: pixit.files.${expected}`])
  })

  test('that there is no such file', async () => {
    await expect(loadProfile('/nowhere/dut.json')).rejects.toThrow(
      '/nowhere/dut.json: expected the profile of a device, got no such file',
    )
  })

  test('that it is a folder', async () => {
    await expect(loadProfile(folder)).rejects.toThrow(
      `${folder}: expected the profile of a device, got a folder`,
    )
  })

  test('where the JSON is broken', async () => {
    expect(await errorsOf('{\n  "product": {},\n  "adapter": reference\n}')).toEqual([
      'dut.json: line 3, column 14: expected a value, got "reference"',
    ])
  })

  test.each([
    [{ product: 1 }, 'product: expected an object, got 1'],
    [
      { product: { ...referenceProfile.product, model: '' } },
      'product.model: expected a text that is not empty, got ""',
    ],
    [
      { cwmp: { version: '1.5', root: 'Device.' } },
      'cwmp.version: expected one of "1.0", "1.1", "1.2", "1.3", "1.4", got "1.5"',
    ],
    [
      { ics: { ...referenceProfile.ics, Upload: undefined } },
      'ics.Upload: expected true or false, got nothing',
    ],
    [{ ics: { ...referenceProfile.ics, Upload: 'yes' } }, 'ics.Upload: expected true or false, got "yes"'],
    [{ ics: { ...referenceProfile.ics, Uplaod: true } }, 'ics.Uplaod: expected "Upload", got an unknown key'],
    [{ pixit: { tming: {} } }, 'pixit.tming: expected "timing", got an unknown key'],
    [
      { pixit: { parameters: { readOnly: { paht: 'A.B', path: 'A.B' } } } },
      'pixit.parameters.readOnly.paht: expected "path", got an unknown key',
    ],
    [
      { pixit: { tables: { readOnly: { paht: 'A.B.', path: 'A.B.' } } } },
      'pixit.tables.readOnly.paht: expected "path", got an unknown key',
    ],
    [
      { zzzzzzzzz: 1 },
      'zzzzzzzzz: expected only the keys $schema, product, adapter, cwmp, ics, pixit, dataModel, watch, notes, got an unknown key',
    ],
    [{ pixit: { acs: { port: 70_000 } } }, 'pixit.acs.port: expected a number of at most 65535, got 70000'],
    [{ pixit: { acs: { port: 1.5 } } }, 'pixit.acs.port: expected a whole number, got 1.5'],
    [
      { pixit: { timing: { bootSeconds: 0 } } },
      'pixit.timing.bootSeconds: expected a number of more than 0, got 0',
    ],
    [
      { pixit: { parameters: { readOnly: { path: 'Device.' } } } },
      'pixit.parameters.readOnly.path: expected a full parameter name such as "Device.DeviceInfo.ProvisioningCode", without a dot at the end, got "Device."',
    ],
    [
      { pixit: { parameters: { writableString: { path: 'Device.A', values: ['one'] } } } },
      'pixit.parameters.writableString.values: expected a list of at least 2 items, got a list of 1',
    ],
    [
      { adapter: { kind: 'serial' } },
      'adapter.kind: expected one of "reference", "module", "command", "container", "ssh", "manual", got "serial"',
    ],
    [
      { adapter: {} },
      'adapter.kind: expected one of "reference", "module", "command", "container", "ssh", "manual", got nothing',
    ],
    [
      { adapter: { kind: 'reference', command: [] } },
      'adapter.command: expected only the keys kind, got an unknown key',
    ],
    [{ adapter: { kind: 'command', comand: ['x'] } }, 'adapter.command: expected a list, got nothing'],
    [
      { adapter: { kind: 'command', command: [] } },
      'adapter.command: expected a list of at least 1 item, got a list of 0',
    ],
    [
      { adapter: { kind: 'command', command: ['x'], environment: { 'A-B': 'c' } } },
      'adapter.environment.A-B: expected the name of an environment variable, got a text of 1 characters',
    ],
    [
      { adapter: { kind: 'module', file: './none.ts' } },
      'adapter.file: expected a TypeScript or JavaScript file, got ./none.ts (no such file)',
    ],
    [
      { adapter: { kind: 'command', command: ['./none.sh'] } },
      'adapter.command[0]: expected an executable file, got ./none.sh (no such file)',
    ],
    [
      { adapter: { kind: 'command', command: ['./dut.json'] } },
      'adapter.command[0]: expected an executable file, got ./dut.json (not executable)',
    ],
    [
      { adapter: { kind: 'command', command: ['no-such-program'] } },
      'adapter.command[0]: expected a program on the PATH, got no-such-program (no such file)',
    ],
  ])('what is wrong with %j', async (changes, expected) => {
    const lines = await errorsOf(changed(changes))

    expect(lines).toContain(`dut.json: ${expected}`)
  })
})

test('finds the program and the module beside the profile, not beside the caller', async () => {
  writeFileSync(join(folder, 'adapter.sh'), '#!/bin/sh\n')
  chmodSync(join(folder, 'adapter.sh'), 0o755)
  writeFileSync(join(folder, 'adapter.ts'), '')

  const command = await load(changed({ adapter: { kind: 'command', command: ['./adapter.sh', '-x'] } }))
  const module_ = await load(changed({ adapter: { kind: 'module', file: 'adapter.ts' } }))

  expect(command.adapter).toEqual({
    kind: 'command',
    command: [join(folder, 'adapter.sh'), '-x'],
    environment: {},
    folder,
  })
  expect(module_.adapter).toEqual({ kind: 'module', file: join(folder, 'adapter.ts'), options: {} })
})

test('finds a program without a slash on the PATH', async () => {
  const { adapter } = await load(changed({ adapter: { kind: 'command', command: ['sh'] } }))

  expect(adapter).toMatchObject({ command: [expect.stringMatching(/^\/.*\/sh$/)] })
})
