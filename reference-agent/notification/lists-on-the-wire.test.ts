/** What an operator wrote into the two files, as an ACS sees it in Informs and answers. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Agent, composeAgent, defaultParts } from '../agent.ts'
import { Configuration } from '../config/config.ts'
import { Log } from '../platform/platform.ts'
import { TinyAcs } from '../tiny-acs.ts'

const UP_TIME = 'Device.DeviceInfo.UpTime'
const MODEL = 'Device.DeviceInfo.ModelName'
const SSID = 'Device.WiFi.SSID.1.SSID'
const OTHER_SSID = 'Device.WiFi.SSID.2.SSID'

let directory: string
let acs: TinyAcs
let lines: string[]
const closers: (() => Promise<void>)[] = []

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'cwmp-operator-'))
  lines = []
  acs = await TinyAcs.listen()
  closers.push(() => acs.close())
})

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
  rmSync(directory, { recursive: true, force: true })
})

/** Switches an agent on whose configuration names a file with this content. */
async function start(option: string, content: object): Promise<Agent> {
  const file = join(directory, 'list.json')
  writeFileSync(file, JSON.stringify(content))
  writeFileSync(join(directory, 'cwmp'), `config cpe 'cpe'\n\toption ${option} '${file}'\n`)
  const agent = composeAgent(
    {
      stateDirectory: directory,
      configuration: new Configuration(directory, (line) => lines.push(line)),
      acsUrl: acs.url(),
      connectionRequestUsername: 'acs',
      connectionRequestPassword: 'open sesame',
      connectionRequestHost: '127.0.0.1',
      connectionRequestPort: 0,
      clockRate: 1,
      responseTimeout: 30,
    },
    new Log('DEBUG', (line) => lines.push(line)),
    defaultParts(),
  )
  closers.push(() => agent.stop())
  await agent.start()
  return agent
}

test('forced_inform_json: the Informs of a boot hold what it names, those of changes do not', async () => {
  const agent = await start('forced_inform_json', { forced_inform: [UP_TIME, MODEL, 'Device.DeviceInfo.'] })

  const first = await acs.next()
  await agent.reboot()
  const booted = await acs.next()
  await agent.setLocally('Device.DeviceInfo.ProvisioningCode', 'local')
  const changed = await acs.next()

  expect(first.events).toEqual(['0 BOOTSTRAP', '1 BOOT'])
  expect(first.parameters.get(UP_TIME)).toMatch(/^\d+$/)
  expect([...booted.parameters.keys()]).toEqual([...first.parameters.keys()])
  expect(booted.parameters.get(MODEL)).not.toBe('')
  expect(changed.events).toEqual(['4 VALUE CHANGE'])
  expect([...changed.parameters.keys()]).not.toContain(UP_TIME)
  expect([...changed.parameters.keys()]).not.toContain(MODEL)
  expect(lines.filter((line) => line.includes('is ignored'))).toHaveLength(2)
})

test('custom_notify_json: changes are told as it says until the ACS says otherwise, and after a reboot still', async () => {
  const agent = await start('custom_notify_json', {
    custom_notification: [
      { parameter: 'Device.WiFi.SSID.1.', notify_type: '2' },
      { parameter: OTHER_SSID, notify_type: '1' },
      { parameter: 'Device.WiFi.SSID.*.Enable', notify_type: '2' },
    ],
  })
  await acs.next()

  await agent.setLocally(OTHER_SSID, 'passive')
  await agent.setLocally(SSID, 'active')
  const told = await acs.next()

  expect(told.events).toEqual(['4 VALUE CHANGE'])
  expect(told.parameters.get(SSID)).toBe('active')
  expect(told.parameters.get(OTHER_SSID)).toBe('passive')

  acs.plan = [
    [
      '<cwmp:SetParameterAttributes><ParameterList soap-enc:arrayType="cwmp:SetParameterAttributesStruct[1]">',
      `<SetParameterAttributesStruct><Name>${SSID}</Name><NotificationChange>1</NotificationChange><Notification>0</Notification>`,
      '<AccessListChange>0</AccessListChange><AccessList soap-enc:arrayType="xsd:string[0]"/></SetParameterAttributesStruct>',
      '</ParameterList></cwmp:SetParameterAttributes>',
    ].join(''),
  ]
  await agent.reboot()
  const booted = await acs.next()
  expect(booted.answers.map(({ name }) => name)).toEqual(['SetParameterAttributesResponse'])
  await agent.reboot()
  await acs.next()
  await agent.setLocally(SSID, 'untold')
  await agent.setLocally('Device.WiFi.SSID.1.Enable', 'false')
  const next = await acs.next()

  expect(next.parameters.get('Device.WiFi.SSID.1.Enable')).toBe('false')
  expect(next.parameters.has(SSID)).toBe(false)
  expect(acs.unclaimed).toBe(0)
})
