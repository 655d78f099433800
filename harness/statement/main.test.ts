import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { buildRequest } from '../cwmp/cwmp.ts'
import { SAMPLES } from '../cwmp/samples.ts'
import { loadProfile, referenceProfile } from '../dut/dut.ts'
import { icsDraftMain } from './main.ts'

let folder: string
let lines: string[]

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'draft-'))
  lines = []
  vi.spyOn(console, 'error').mockImplementation((line: string) => void lines.push(line))
})
afterEach(() => {
  vi.restoreAllMocks()
  rmSync(folder, { recursive: true })
})

/** A device that answers every question with an empty POST. */
const mute = `export const createDut = ({ options, log }) => ({
  async provision({ acsUrl }) {
    void session(acsUrl).catch((error) => log(error.message))
    async function session(url) {
      let body = options.inform, cookie = ''
      for (;;) {
        const answer = await fetch(url, { method: 'POST', body, headers: { cookie } })
        if (answer.status === 204) return
        cookie ||= answer.headers.get('set-cookie').split(';')[0]
        await answer.text()
        body = ''
      }
    }
  },
  async alive() { return true },
  async stop() {},
})`

function written(profile: unknown): string {
  const file = join(folder, 'dut.json')
  writeFileSync(file, JSON.stringify(profile))
  return file
}

describe('one line says', () => {
  test('that no profile is named', async () => {
    expect(await icsDraftMain([])).toBe(2)
    expect(lines).toEqual([expect.stringContaining('--dut: expected a profile with at least "adapter"')])
  })

  test('that an option is unknown', async () => {
    expect(await icsDraftMain(['--dutt', 'x'])).toBe(2)
    expect(lines).toEqual([expect.stringContaining('--dutt')])
  })

  test.each([
    [{}, 'adapter: expected an object, got nothing'],
    [[], 'expected an object with at least "adapter", got []'],
    [
      { adapter: { kind: 'reference' }, ics: { Uplaod: true } },
      'ics.Uplaod: expected "Upload", got an unknown key',
    ],
    [
      { adapter: { kind: 'reference' }, ics: { Upload: 'yes' } },
      'ics.Upload: expected true or false, got "yes"',
    ],
    [
      { adapter: { kind: 'reference' }, pixit: { tming: {} } },
      'pixit.tming: expected "timing", got an unknown key',
    ],
  ])('what is wrong with %j', async (profile, expected) => {
    expect(await icsDraftMain(['--dut', written(profile)])).toBe(2)
    expect(lines.map((line) => line.replace(/^.*dut\.json: /, ''))).toEqual([expected])
  })
})

test('the draft of the reference agent is its profile, once a human has answered what does not show', async () => {
  const out = join(folder, 'draft.json')
  const file = written({ adapter: { kind: 'reference' } })

  expect(await icsDraftMain(['--dut', file, '--out', out])).toBe(0)

  const draft = JSON.parse(readFileSync(out, 'utf8')) as { ics: Record<string, boolean | null> }
  const reference: Readonly<Record<string, boolean>> = referenceProfile.ics
  const open = Object.keys(draft.ics).filter((name) => draft.ics[name] === null)
  expect(open.toSorted()).toEqual([
    'AccessList',
    'ActiveNotificationDenial',
    'ChangeNeedsRestart',
    'DhcpDiscovery',
    'Dhcpv6Discovery',
    'EmbeddedDevices',
    'FirmwareUpgrade',
    'FtpTransfer',
    'HttpsTransfer',
    'RequestDownload',
    'SecureCwmp',
    'TlsClientCertificate',
    'VendorConfigurationDownload',
    'VendorConfigurationUpload',
    'VendorLogUpload',
    'VirtualDevices',
  ])
  await expect(loadProfile(out)).rejects.toThrow('ics.AccessList: expected true or false, got null')
  const ics = Object.fromEntries(
    Object.entries(draft.ics).map(([name, answer]) => [name, answer ?? reference[name]]),
  )
  expect(ics).toEqual(reference)
  writeFileSync(out, JSON.stringify({ ...draft, ics }))
  const profile = await loadProfile(out)
  expect(profile.cwmp).toEqual({ version: '1.4', root: 'Device.' })
  expect(profile.pixit.parameters.emptyTable?.path).toBe('Device.DHCPv4.Server.Pool.1.StaticAddress.')
})

test('a draft of a profile keeps what is written there, and says where the device shows otherwise', async () => {
  const out = join(folder, 'draft.json')
  const mine = { 'ics.Upload': 'not in the data sheet', why: 'see the issue' }
  const kept = {
    ...{ product: { manufacturer: 'Ada', model: 'Box', firmware: '9' }, adapter: { kind: 'reference' } },
    ...{ cwmp: { version: '1.2', root: 'Device.' }, watch: ['agent/'] },
  }
  const ics = { Upload: false, AccessList: true }
  const pixit = { timing: { bootSeconds: 7 } }
  const file = written({
    ...kept,
    ics,
    pixit,
    notes: { ...mine, 'ics.AccessList': 'true or false: the agent ?' },
  })

  expect(await icsDraftMain(['--dut', file, '--out', out])).toBe(0)

  const draft = JSON.parse(readFileSync(out, 'utf8'))
  expect(draft).toMatchObject({ ...kept, ics, pixit, notes: mine })
  expect(draft.notes['ics.AccessList']).toBeUndefined()
  const remarks = [
    'ics.Upload: kept as it was written: false; but GetRPCMethods lists Upload',
    'cwmp.version: kept as it was written: 1.2; but the device tells 1.4',
  ]
  expect(lines).toEqual(expect.arrayContaining(remarks))
  expect(draft.notes['ics.Upload (seen now)']).toBe(remarks[0]?.replace(/^.*?: /, ''))
  expect(lines.join('\n')).not.toContain('see the issue')
})

test('a device that answers nothing as it should gets a draft all the same, with what it did', async () => {
  writeFileSync(join(folder, 'mute.mjs'), mute)
  const out = join(folder, 'draft.json')
  const inform = buildRequest('Inform', SAMPLES.Inform.request)
  const adapter = { kind: 'module', file: 'mute.mjs', options: { inform } }

  expect(await icsDraftMain(['--dut', written({ adapter }), '--out', out])).toBe(0)

  const draft = JSON.parse(readFileSync(out, 'utf8')) as Record<'ics' | 'notes', Record<string, unknown>>
  expect(draft.ics.GetRPCMethods).toBeNull()
  expect(draft.notes['ics.GetRPCMethods']).toBe(
    'expected GetRPCMethodsResponse or a CWMP fault; got an empty POST',
  )
  expect(draft.notes['ics.HttpConnectionRequest']).toMatch(
    /^the bench could not call the device at .*: expected /,
  )
  expect(lines.at(-1)).toBe('what was said: reports/ics-draft.txt')
  expect(readFileSync('reports/ics-draft.txt', 'utf8')).toContain('<cwmp:GetRPCMethods')
})

test('a device that does not come leaves one line, and what it did instead', async () => {
  writeFileSync(join(folder, 'mute.mjs'), mute)
  const adapter = { kind: 'module', file: 'mute.mjs', options: { inform: 'hello' } }

  expect(await icsDraftMain(['--dut', written({ adapter, pixit: { timing: { bootSeconds: 1 } } })])).toBe(3)

  expect(lines).toEqual([
    expect.stringContaining('expected an Inform'),
    'what was said until then: reports/ics-draft.txt',
  ])
})
