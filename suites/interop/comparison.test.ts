import {
  type AcsSession,
  answerFacts,
  type Exchange,
  ScriptedAcs,
  storedRows,
} from '../../harness/acs/acs.ts'
import { ConformanceFailure, granted, test } from '../../harness/conformance.ts'
import {
  type Facts,
  readDifferences,
  type Seen,
  undeclared,
} from '../../harness/peers/comparison/comparison.ts'
import type { ManagedDevice } from '../../harness/testbed/managed-device.ts'
import { MessageLog } from '../../harness/testbed/message-log.ts'
import { keep, named } from './managed.ts'

/** The scripted ACS against the real one: a device must not be able to tell them apart but where a table says so. */

/** What the device saw first of each kind of answer. */
function seenIn(exchanges: readonly Exchange[]): Seen {
  const seen = new Map<string, Facts>()
  for (const { answer } of exchanges) {
    if (!answer) continue
    const { message, facts } = answerFacts(answer)
    if (!seen.has(message)) seen.set(message, facts)
  }
  return seen
}

/** The exchanges with the real ACS: a value is read and set, a row is added, named and deleted, an object is discovered. */
async function askedByGenie(
  device: ManagedDevice,
  setting: readonly [path: string, value: string],
): Promise<Seen> {
  const table = named(device.profile.pixit.tables.writable, 'table that takes AddObject').path.slice(0, -1)
  const mark = device.messages.mark()
  // Not one that the Inform has told already: the ACS would not ask for it.
  await device.do({ name: 'getParameterValues', parameterNames: [device.path('DeviceInfo.UpTime')] })
  await device.do({ name: 'setParameterValues', parameterValues: [setting] })
  await device.do({ name: 'addObject', objectName: table })
  const added = await lastRow(device, table)
  await device.do({ name: 'deleteObject', objectName: added })
  return seenIn(device.messages.since(mark))
}

async function lastRow(device: ManagedDevice, table: string): Promise<string> {
  const row = storedRows(await device.stored(), table).at(-1)
  if (row === undefined) throw new ConformanceFailure(`a row of ${table}`, 'none')
  return `${table}.${row}`
}

/** The same exchanges with the scripted ACS. */
async function askedByScript(
  device: ManagedDevice,
  [Name, Value]: readonly [path: string, value: string],
  signal: AbortSignal,
): Promise<Seen> {
  const { acs: place, timing } = device.profile.pixit
  const messages = new MessageLog()
  const acs = await ScriptedAcs.listen({
    transcript: device.transcript,
    host: place.host,
    publicHost: place.publicHost,
    onRequest: (exchange) => messages.add(exchange),
  })
  try {
    const waiting = acs.nextSession({ timeoutMs: timing.bootSeconds * 1000, signal })
    await device.pointAt(acs.url, signal)
    await speak(await waiting, device, { Name, Value, type: 'xsd:string' })
    return seenIn(messages.since(0))
  } finally {
    await acs.drain()
    await acs.close()
  }
}

async function speak(
  session: AcsSession,
  device: ManagedDevice,
  setting: { readonly Name: string; readonly Value: string; readonly type: string },
): Promise<void> {
  const { path } = named(device.profile.pixit.tables.writable, 'table that takes AddObject')
  granted(await session.call('GetParameterNames', { ParameterPath: path, NextLevel: false }))
  granted(await session.call('GetParameterValues', { ParameterNames: [device.path('DeviceInfo.UpTime')] }))
  granted(await session.call('SetParameterValues', { ParameterList: [setting], ParameterKey: '' }))
  const { InstanceNumber } = granted(await session.call('AddObject', { ObjectName: path, ParameterKey: '' }))
  granted(await session.call('DeleteObject', { ObjectName: `${path}${InstanceNumber}.`, ParameterKey: '' }))
  await session.end()
}

test('INT-CMP-001 sees of the scripted ACS what it sees of the real one, but for the differences in a table', {
  meta: { id: 'INT-CMP-001' },
}, async ({ managed, signal }) => {
  const { device, restore } = managed
  const { path, values } = device.profile.pixit.parameters.writableString
  await keep(managed, path)
  const table = readDifferences(new URL('acs-differences.json', import.meta.url))

  const real = await askedByGenie(device, [path, values[0]])
  restore(() => device.comeBack())
  const scripted = await askedByScript(device, [path, values[1]], signal)

  const expected = [
    'InformResponse',
    'end',
    'GetParameterNames',
    'GetParameterValues',
    'SetParameterValues',
    'AddObject',
    'DeleteObject',
  ]
  const missing = expected.filter((message) => !real.has(message) || !scripted.has(message))
  if (missing.length > 0)
    throw new ConformanceFailure(`each of ${expected.join(', ')} from both`, `no ${missing.join(', ')}`)
  // What the ACS asks besides is its own affair.
  const those = (seen: Seen): Seen => new Map(expected.map((message) => [message, seen.get(message) ?? {}]))
  const complaints = undeclared(those(scripted), those(real), table)
  if (complaints.length > 0)
    throw new ConformanceFailure(
      'the differences of acs-differences.json and no others',
      complaints.join('; '),
    )
})
