import { expect, granted, test, Untestable } from '../../harness/conformance.ts'
import { isFault } from '../../harness/cwmp/cwmp.ts'
import { noChangeToldIn } from '../../harness/testbed/untold.ts'
import { callAltered } from './altered-request.ts'
import { keepAttributes, notification, setAttributes } from './attributes.ts'
import { powerCycle } from './restart.ts'
import {
  aBoolean,
  aDateTime,
  anInt,
  anUnsignedInt,
  aString,
  assertReads,
  keepValues,
  nextInForce,
  otherThan,
  refusedFor,
  setValues,
  valueAt,
  whereInForce,
} from './values.ts'

test('RPC-SPV-001 answers a valid request with Status 0 or 1', {
  meta: { id: 'RPC-SPV-001' },
}, async ({ cpe, session, restore, pixit }) => {
  const { path, values } = pixit.parameters.writableString
  await keepValues({ cpe, session, restore }, path)

  const answer = granted(await setValues(session, [aString(path, values[0])]))

  expect([0, 1], 'Status').toContain(answer.Status)
})

test('RPC-SPV-002 has a new value in force for the next request, or with Status 1 in the next session', {
  meta: { id: 'RPC-SPV-002' },
}, async ({ cpe, session, restore, pixit }) => {
  const { path, values } = pixit.parameters.writableString
  await keepValues({ cpe, session, restore }, path)
  const present = await valueAt(session, path)
  const wanted = [aString(path, otherThan(present, values))]

  const answer = granted(await setValues(session, wanted))

  const later = await whereInForce({ cpe, session }, answer)
  await assertReads(later, wanted)
})

test('RPC-SPV-003 sets several parameters of different types in one request', {
  meta: { id: 'RPC-SPV-003' },
}, async ({ cpe, session, restore, pixit }) => {
  const { writableString, writableBoolean, writableUnsignedInt, writableInt, writableDateTime } =
    pixit.parameters
  const numbers = [writableInt, writableDateTime].flatMap((one) => (one ? [one.path] : []))
  const before = await keepValues(
    { cpe, session, restore },
    writableString.path,
    writableBoolean.path,
    writableUnsignedInt.path,
    ...numbers,
  )
  const another = ({ path, values }: { path: string; values: [string, string] }) =>
    otherThan(before.get(path)?.Value ?? '', values)
  const isOn = ['1', 'true'].includes(before.get(writableBoolean.path)?.Value ?? '')
  const wanted = [
    aString(writableString.path, another(writableString)),
    aBoolean(writableBoolean.path, isOn ? '0' : '1'),
    anUnsignedInt(writableUnsignedInt.path, another(writableUnsignedInt)),
    ...(writableInt ? [anInt(writableInt.path, another(writableInt))] : []),
    ...(writableDateTime ? [aDateTime(writableDateTime.path, another(writableDateTime))] : []),
  ]

  const answer = granted(await setValues(session, wanted))

  const later = await whereInForce({ cpe, session }, answer)
  await assertReads(later, wanted)
})

test('RPC-SPV-004 takes the parameters of a request in any order', {
  meta: { id: 'RPC-SPV-004' },
}, async ({ cpe, session, restore, pixit }) => {
  const { writableString, writableUnsignedInt } = pixit.parameters
  await keepValues({ cpe, session, restore }, writableString.path, writableUnsignedInt.path)
  const inOneOrder = [0, 1].map((round) => [
    aString(writableString.path, writableString.values[round] ?? ''),
    anUnsignedInt(writableUnsignedInt.path, writableUnsignedInt.values[round] ?? ''),
  ])
  const [first, second] = [inOneOrder[0] ?? [], (inOneOrder[1] ?? []).toReversed()]

  const one = await whereInForce({ cpe, session }, granted(await setValues(session, first)))
  await assertReads(one, first)
  const two = await whereInForce({ cpe, session: one }, granted(await setValues(one, second)))
  await assertReads(two, second)
})

test('RPC-SPV-005 grants a request that sets a parameter to the value that it has', {
  meta: { id: 'RPC-SPV-005' },
}, async ({ cpe, session, restore, pixit }) => {
  const { path, values } = pixit.parameters.writableString
  await keepValues({ cpe, session, restore }, path)
  const wanted = [aString(path, values[0])]
  const changed = granted(await setValues(session, wanted))
  const next = await whereInForce({ cpe, session }, changed)

  const answer = granted(await setValues(next, wanted), 'the present value to be granted')

  const later = await whereInForce({ cpe, session: next }, answer)
  await assertReads(later, wanted)
})

test('RPC-SPV-006 stores the ParameterKey of a successful request', {
  meta: { id: 'RPC-SPV-006' },
}, async ({ cpe, session, restore, pixit, root }) => {
  const { path, values } = pixit.parameters.writableString
  await keepValues({ cpe, session, restore }, path)
  const present = await valueAt(session, `${root}ManagementServer.ParameterKey`)
  const key = otherThan(present, ['key one', 'key two'])

  const answer = granted(await setValues(session, [aString(path, values[0])], key))

  const later = await whereInForce({ cpe, session }, answer)
  await assertReads(later, [aString(`${root}ManagementServer.ParameterKey`, key)])
})

test('RPC-SPV-007 stores an empty ParameterKey', {
  meta: { id: 'RPC-SPV-007' },
}, async ({ cpe, session, restore, pixit, root }) => {
  const { path, values } = pixit.parameters.writableString
  await keepValues({ cpe, session, restore }, path)
  const next = await whereInForce(
    { cpe, session },
    granted(await setValues(session, [aString(path, values[0])], 'not empty')),
  )

  const answer = granted(await setValues(next, [aString(path, values[1])], ''))

  const later = await whereInForce({ cpe, session: next }, answer)
  await assertReads(later, [aString(`${root}ManagementServer.ParameterKey`, '')])
})

test('RPC-SPV-008 stores a ParameterKey of 32 characters that take more than 32 octets', {
  meta: { id: 'RPC-SPV-008' },
}, async ({ cpe, session, restore, pixit, root }) => {
  const { path, values } = pixit.parameters.writableString
  await keepValues({ cpe, session, restore }, path)
  const key = 'äß中あΩЖñ€'.repeat(4)

  const answer = granted(await setValues(session, [aString(path, values[0])], key))

  const later = await whereInForce({ cpe, session }, answer)
  await assertReads(later, [aString(`${root}ManagementServer.ParameterKey`, key)])
})

// ProvisioningCode is in every Baseline profile and holds at most 64 characters.
test('RPC-SPV-009 counts the length of a string in characters, not in octets', {
  meta: { id: 'RPC-SPV-009' },
}, async ({ cpe, session, restore, root }) => {
  const path = `${root}DeviceInfo.ProvisioningCode`
  await keepValues({ cpe, session, restore }, path)
  const wanted = [aString(path, 'é中'.repeat(32))]

  const answer = granted(await setValues(session, wanted), '64 characters to be granted')

  const later = await whereInForce({ cpe, session }, answer)
  await assertReads(later, wanted)
})

test('RPC-SPV-010 keeps characters outside ASCII as they are, in this session and the next', {
  meta: { id: 'RPC-SPV-010' },
}, async ({ cpe, session, restore, root }) => {
  const path = `${root}DeviceInfo.ProvisioningCode`
  await keepValues({ cpe, session, restore }, path)
  const wanted = [aString(path, 'Grüße ñandú Ελλάδα Привет 日本語 ‰ €')]

  const answer = granted(await setValues(session, wanted))

  const next = await nextInForce({ cpe, session }, answer)
  await assertReads(next, wanted)
})

test('RPC-SPV-011 keeps characters that are special in XML as they are', {
  meta: { id: 'RPC-SPV-011' },
}, async ({ cpe, session, restore, root }) => {
  const path = `${root}DeviceInfo.ProvisioningCode`
  await keepValues({ cpe, session, restore }, path)
  const wanted = [aString(path, `a<b>&c "d" 'e' &amp; ]]> <!--f--> %0a \\`)]

  const answer = granted(await setValues(session, wanted))

  const later = await whereInForce({ cpe, session }, answer)
  await assertReads(later, wanted)
})

// A plain xsd:string preserves its blanks; devices that trim them are common enough to be warned only.
test('RPC-SPV-012 keeps tabs, line feeds and blanks at both ends of a string', {
  meta: { id: 'RPC-SPV-012' },
}, async ({ cpe, session, restore, root }) => {
  const path = `${root}DeviceInfo.ProvisioningCode`
  await keepValues({ cpe, session, restore }, path)
  const wanted = [aString(path, '  two blanks, a\ttab and\na line feed  ')]

  const answer = granted(await setValues(session, wanted))

  const later = await whereInForce({ cpe, session }, answer)
  await assertReads(later, wanted)
})

test('RPC-SPV-013 reads a value that is written as a CDATA section or with character references', {
  meta: { id: 'RPC-SPV-013' },
}, async ({ cpe, acs, session, restore, root }) => {
  const path = `${root}DeviceInfo.ProvisioningCode`
  await keepValues({ cpe, session, restore }, path)
  const request = { ParameterList: [aString(path, 'PLACEHOLDER')], ParameterKey: 'conformance' }

  const answer = granted(
    await callAltered({ session, acs }, 'SetParameterValues', request, (xml) =>
      xml.replace('PLACEHOLDER', 'a<![CDATA[<b>&]]>&#99;&#x64;'),
    ),
  )

  const next = await nextInForce({ cpe, session }, answer)
  await assertReads(next, [aString(path, 'a<b>&cd')])
})

test('RPC-SPV-014 reports no value change for what the ACS itself has set', {
  meta: { id: 'RPC-SPV-014' },
}, async ({ cpe, session, restore, pixit }) => {
  const { path, values } = pixit.parameters.writableString
  const [attributes] = await keepAttributes({ cpe, session, restore }, path)
  const before = await keepValues({ cpe, session, restore }, path)
  if (attributes?.Notification !== 2) granted(await setAttributes(session, notification(path, 2)))

  const wanted = [aString(path, otherThan(before.get(path)?.Value ?? '', values))]
  const answer = granted(await setValues(session, wanted))
  const mark = cpe.messages.mark()
  await nextInForce({ cpe, session }, answer)

  noChangeToldIn(cpe.messages.informsSince(mark), { path, known: session.parameters })
})

test('RPC-SPV-015 keeps a value over a power cycle', {
  meta: { id: 'RPC-SPV-015' },
}, async ({ cpe, session, restore, pixit }) => {
  const { path, values } = pixit.parameters.writableString
  const before = await keepValues({ cpe, session, restore }, path)
  const wanted = [aString(path, otherThan(before.get(path)?.Value ?? '', values))]
  granted(await setValues(session, wanted))

  const later = await powerCycle(cpe, session)

  await assertReads(later, wanted)
})

// Both readings are right: the value may be taken as one of the model's type, or be refused for its type.
test('RPC-SPV-016 takes a value without xsi:type by the data model or refuses it with 9006', {
  meta: { id: 'RPC-SPV-016' },
}, async ({ cpe, session, restore, pixit }) => {
  const { path, values } = pixit.parameters.writableUnsignedInt
  const before = await keepValues({ cpe, session, restore }, path)
  const wanted = [anUnsignedInt(path, otherThan(before.get(path)?.Value ?? '', values))]

  const answer = await setValues(
    session,
    wanted.map((one) => ({ ...one, type: '' })),
  )

  if (isFault(answer)) {
    refusedFor(answer, { [path]: 9006 })
    return
  }
  const later = await whereInForce({ cpe, session }, answer)
  await assertReads(later, wanted)
})

test('RPC-SPV-039 writes no password into its log', {
  meta: { id: 'RPC-SPV-039' },
}, async ({ cpe, dut, session, restore, pixit, signal }) => {
  const { hidden } = pixit.parameters
  if (!hidden) throw new Untestable('the profile names no hidden parameter')
  const secret = 'n0b0dy-reads-th1s-here'
  restore(async () => {
    await (await cpe.provision()).end()
  })

  granted(await setValues(session, [aString(hidden.path, secret)]))
  await session.end()

  const log = await dut.readLogs(signal)
  expect(log.split('\n').filter((line) => line.includes(secret)).length, 'lines with the password').toBe(0)
})
