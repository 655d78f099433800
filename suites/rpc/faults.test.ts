import {
  ConformanceFailure,
  describeFault,
  expect,
  granted,
  refused,
  test,
} from '../../harness/conformance.ts'
import { isFault } from '../../harness/cwmp/cwmp.ts'
import { callAltered } from './altered-request.ts'
import { keepAttributes, notification } from './attributes.ts'
import { noSuchObject, noSuchParameter } from './parameter-names.ts'
import { keepRows, writableTable } from './rows.ts'
import { aString, keepValues, refusedFor, setValues } from './values.ts'

/** Takes the first element of that name, and all in it, out of a request. */
const without = (name: string) => (xml: string) =>
  xml.replace(new RegExp(`<${name}(?: [^>]*)?(?:/>|>.*?</${name}>)`, 's'), '')

/** Calls another method in place of GetRPCMethods. */
const method = (name: string) => (xml: string) => xml.replaceAll('GetRPCMethods', name)

test('RPC-FLT-001 answers a method that it does not know with 9000', {
  meta: { id: 'RPC-FLT-001' },
}, async ({ session, acs }) => {
  const answer = await callAltered({ session, acs }, 'GetRPCMethods', {}, method('GetNoSuchThing'))

  refused(answer, 9000)
})

test("RPC-FLT-002 answers another vendor's method with 9000", {
  meta: { id: 'RPC-FLT-002' },
}, async ({ session, acs }) => {
  const answer = await callAltered({ session, acs }, 'GetRPCMethods', {}, method('X_000000_NoSuchMethod'))

  refused(answer, 9000)
})

test('RPC-FLT-003 answers a method of the ACS with 9000', {
  meta: { id: 'RPC-FLT-003' },
}, async ({ session }) => {
  const answer = await session.call('Kicked', { Command: '', Referer: '', Arg: '', Next: '' })

  refused(answer, 9000)
})

test('RPC-FLT-004 tells upper from lower case in method names', {
  meta: { id: 'RPC-FLT-004' },
}, async ({ session, acs }) => {
  const answer = await callAltered({ session, acs }, 'GetRPCMethods', {}, method('getrpcmethods'))

  refused(answer, 9000)
})

test('RPC-FLT-005 gives Server as faultcode of 9000', {
  meta: { id: 'RPC-FLT-005' },
}, async ({ session, acs }) => {
  const answer = await callAltered({ session, acs }, 'GetRPCMethods', {}, method('GetNoSuchThing'))

  expect(refused(answer, 9000).soapFaultCode, 'faultcode').toBe('Server')
})

test('RPC-FLT-006 gives Client as faultcode of 9005', {
  meta: { id: 'RPC-FLT-006' },
}, async ({ session, root }) => {
  const answer = await session.call('GetParameterValues', {
    ParameterNames: [noSuchParameter(`${root}DeviceInfo.`)],
  })

  expect(refused(answer, 9005).soapFaultCode, 'faultcode').toBe('Client')
})

test('RPC-FLT-007 gives Client as faultcode of 9003', {
  meta: { id: 'RPC-FLT-007' },
}, async ({ session, root }) => {
  const answer = await setValues(session, [aString(noSuchParameter(`${root}DeviceInfo.`), 'x')])

  expect(refused(answer, 9003).soapFaultCode, 'faultcode').toBe('Client')
})

test('RPC-FLT-008 gives "CWMP fault" as faultstring', {
  meta: { id: 'RPC-FLT-008' },
}, async ({ session, root }) => {
  const answer = await session.call('GetParameterValues', {
    ParameterNames: [noSuchParameter(`${root}DeviceInfo.`)],
  })

  if (!isFault(answer)) throw new ConformanceFailure('a fault', 'a response')
  expect(answer.soapFaultString, 'faultstring').toBe('CWMP fault')
})

test('RPC-FLT-009 puts its FaultCode into a cwmp:Fault in the detail of the SOAP fault', {
  meta: { id: 'RPC-FLT-009' },
}, async ({ session, root }) => {
  const answer = await session.callEnvelope('GetParameterValues', {
    ParameterNames: [noSuchParameter(`${root}DeviceInfo.`)],
  })

  if (!answer.fault) throw new ConformanceFailure('a fault', 'a response')
  if (!answer.fault.cwmpDetail)
    throw new ConformanceFailure('a fault with CWMP detail', describeFault(answer.fault))
  if (answer.oddities.length > 0)
    throw new ConformanceFailure(
      'a cwmp:Fault in the detail of a SOAP fault',
      answer.oddities.map(({ message, line }) => `${message} (line ${line})`).join('; '),
    )
  expect(answer.fault.faultCode, 'FaultCode').toBeGreaterThanOrEqual(9000)
  expect(answer.fault.faultCode, 'FaultCode').toBeLessThanOrEqual(9899)
})

test('RPC-FLT-010 has an entry for each of several parameters with the same error', {
  meta: { id: 'RPC-FLT-010' },
}, async ({ session, root }) => {
  const unknown = ['A', 'B', 'C'].map((letter) => `${noSuchParameter(`${root}DeviceInfo.`)}${letter}`)

  const answer = await setValues(
    session,
    unknown.map((name) => aString(name, 'x')),
  )

  refusedFor(answer, Object.fromEntries(unknown.map((name) => [name, 9005])))
})

test('RPC-FLT-011 goes on with the session after a fault', {
  meta: { id: 'RPC-FLT-011' },
}, async ({ session, pixit, root }) => {
  const { path } = pixit.parameters.readOnly
  const refusal = await session.call('GetParameterValues', {
    ParameterNames: [noSuchParameter(`${root}DeviceInfo.`)],
  })

  const answer = await session.call('GetParameterValues', { ParameterNames: [path] })

  expect(isFault(refusal), 'a fault before').toBe(true)
  expect(granted(answer).ParameterList.map(({ Name }) => Name)).toEqual([path])
})

test('RPC-FLT-012 goes on with the session after many faults of many kinds', {
  meta: { id: 'RPC-FLT-012' },
}, async ({ session, acs, pixit, root }) => {
  const { path } = pixit.parameters.readOnly
  const unknown = noSuchParameter(`${root}DeviceInfo.`)
  const ParameterKey = 'refused'
  for (let round = 0; round < 10; round++) {
    await callAltered({ session, acs }, 'GetRPCMethods', {}, method('GetNoSuchThing'))
    await session.call('GetParameterValues', { ParameterNames: [unknown] })
    await setValues(session, [aString(unknown, 'x')], ParameterKey)
    await session.call('SetParameterAttributes', { ParameterList: [notification(unknown, 7)] })
    await session.call('AddObject', { ObjectName: noSuchObject(root), ParameterKey })
    await session.call('DeleteObject', { ObjectName: noSuchObject(root), ParameterKey })
  }

  const answer = await session.call('GetParameterValues', { ParameterNames: [path] })

  expect(granted(answer).ParameterList.map(({ Name }) => Name)).toEqual([path])
})

test('RPC-FLT-020 refuses SetParameterValues without a ParameterList with 9003', {
  meta: { id: 'RPC-FLT-020' },
}, async ({ cpe, session, acs, restore, pixit }) => {
  const { path, values } = pixit.parameters.writableString
  await keepValues({ cpe, session, restore }, path)
  const request = { ParameterList: [aString(path, values[0])], ParameterKey: 'conformance' }

  const answer = await callAltered({ session, acs }, 'SetParameterValues', request, without('ParameterList'))

  refused(answer, 9003)
})

test('RPC-FLT-021 refuses SetParameterValues without a ParameterKey with 9003', {
  meta: { id: 'RPC-FLT-021' },
}, async ({ cpe, session, acs, restore, pixit }) => {
  const { path, values } = pixit.parameters.writableString
  await keepValues({ cpe, session, restore }, path)
  const request = { ParameterList: [aString(path, values[0])], ParameterKey: 'conformance' }

  const answer = await callAltered({ session, acs }, 'SetParameterValues', request, without('ParameterKey'))

  refused(answer, 9003)
})

test('RPC-FLT-022 refuses SetParameterValues with a parameter that has no Value with 9003', {
  meta: { id: 'RPC-FLT-022' },
}, async ({ cpe, session, acs, restore, pixit }) => {
  const { path, values } = pixit.parameters.writableString
  await keepValues({ cpe, session, restore }, path)
  const request = { ParameterList: [aString(path, values[0])], ParameterKey: 'conformance' }

  const answer = await callAltered({ session, acs }, 'SetParameterValues', request, without('Value'))

  refused(answer, 9003)
})

test('RPC-FLT-023 refuses SetParameterAttributes with a Notification that is no number with 9003', {
  meta: { id: 'RPC-FLT-023' },
}, async ({ cpe, session, acs, restore, root }) => {
  const path = `${root}ManagementServer.PeriodicInformInterval`
  await keepAttributes({ cpe, session, restore }, path)
  const request = { ParameterList: [notification(path, 1)] }

  const answer = await callAltered({ session, acs }, 'SetParameterAttributes', request, (xml) =>
    xml.replace('<Notification>1<', '<Notification>passive<'),
  )

  refused(answer, 9003)
})

test('RPC-FLT-024 refuses SetParameterAttributes with a NotificationChange that is no boolean with 9003', {
  meta: { id: 'RPC-FLT-024' },
}, async ({ cpe, session, acs, restore, root }) => {
  const path = `${root}ManagementServer.PeriodicInformInterval`
  await keepAttributes({ cpe, session, restore }, path)
  const request = { ParameterList: [notification(path, 1)] }

  const answer = await callAltered({ session, acs }, 'SetParameterAttributes', request, (xml) =>
    xml.replace('<NotificationChange>1<', '<NotificationChange>maybe<'),
  )

  refused(answer, 9003)
})

test('RPC-FLT-025 refuses SetParameterAttributes without a ParameterList with 9003', {
  meta: { id: 'RPC-FLT-025' },
}, async ({ session, acs, root }) => {
  const request = { ParameterList: [notification(`${root}ManagementServer.PeriodicInformInterval`, 1)] }

  const answer = await callAltered(
    { session, acs },
    'SetParameterAttributes',
    request,
    without('ParameterList'),
  )

  refused(answer, 9003)
})

// A missing name may also be taken for an empty one, which names nothing.
test('RPC-FLT-026 refuses AddObject without an ObjectName with 9003 or 9005', {
  meta: { id: 'RPC-FLT-026' },
}, async ({ cpe, session, acs, restore, pixit }) => {
  const { path } = writableTable(pixit)
  await keepRows({ cpe, session, restore }, path)
  const request = { ObjectName: path, ParameterKey: 'conformance' }

  const answer = await callAltered({ session, acs }, 'AddObject', request, without('ObjectName'))

  refused(answer, 9003, 9005)
})

test('RPC-FLT-027 refuses DeleteObject without an ObjectName with 9003 or 9005', {
  meta: { id: 'RPC-FLT-027' },
}, async ({ session, acs, root }) => {
  const request = { ObjectName: noSuchObject(root), ParameterKey: 'conformance' }

  const answer = await callAltered({ session, acs }, 'DeleteObject', request, without('ObjectName'))

  refused(answer, 9003, 9005)
})

test('RPC-FLT-028 refuses Reboot without a CommandKey with 9003', {
  meta: { id: 'RPC-FLT-028' },
}, async ({ session, acs }) => {
  const answer = await callAltered(
    { session, acs },
    'Reboot',
    { CommandKey: 'conformance' },
    without('CommandKey'),
  )

  refused(answer, 9003)
})
