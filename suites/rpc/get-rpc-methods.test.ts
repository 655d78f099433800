import { ConformanceFailure, describeFault, expect, granted, test } from '../../harness/conformance.ts'
import { answersTo, claimedByIcs, type OptionalMethod, optionalMethods } from './method-probes.ts'
import { assertAmong, assertEach } from './parameter-names.ts'

test('RPC-GRM-001 lists every method that each CPE has to have', {
  meta: { id: 'RPC-GRM-001' },
}, async ({ session }) => {
  const answer = granted(await session.call('GetRPCMethods', {}))

  assertAmong(
    answer.MethodList,
    [
      'GetRPCMethods',
      'SetParameterValues',
      'GetParameterValues',
      'GetParameterNames',
      'SetParameterAttributes',
      'GetParameterAttributes',
      'AddObject',
      'DeleteObject',
      'Reboot',
    ],
    'the MethodList',
  )
})

test('RPC-GRM-002 lists every optional method that its statement claims', {
  meta: { id: 'RPC-GRM-002' },
}, async ({ session, ics }) => {
  const claimed = optionalMethods.filter((method) => claimedByIcs(ics, method))

  const answer = granted(await session.call('GetRPCMethods', {}))

  assertAmong(answer.MethodList, claimed, 'the MethodList')
})

test('RPC-GRM-003 lists no method that its statement denies', {
  meta: { id: 'RPC-GRM-003' },
}, async ({ session, ics }) => {
  const isDenied = (method: string) =>
    optionalMethods.includes(method as OptionalMethod) && !claimedByIcs(ics, method as OptionalMethod)

  const answer = granted(await session.call('GetRPCMethods', {}))

  assertEach(answer.MethodList, (method) => !isDenied(method), 'no method that the statement (ics) denies')
})

test('RPC-GRM-004 carries out each method that it lists', {
  meta: { id: 'RPC-GRM-004' },
}, async ({ session, acs, pixit, root }) => {
  const answer = granted(await session.call('GetRPCMethods', {}))

  for (const method of answer.MethodList) {
    const fault = await answersTo({ session, acs, pixit, root }, method)
    if (fault?.faultCode === 9000)
      throw new ConformanceFailure(`${method} to be supported, for it is listed`, describeFault(fault))
  }
})

test('RPC-GRM-005 answers 9000 to a method that its statement denies', {
  meta: { id: 'RPC-GRM-005' },
}, async ({ session, acs, pixit, root, ics }) => {
  for (const method of optionalMethods) {
    // FactoryReset has no argument that would make it harmless.
    if (claimedByIcs(ics, method) || method === 'FactoryReset') continue
    const fault = await answersTo({ session, acs, pixit, root }, method)
    if (fault?.faultCode !== 9000)
      throw new ConformanceFailure(
        `fault 9000 to ${method}, for the statement (ics) denies it`,
        fault ? describeFault(fault) : `a ${method}Response`,
      )
  }
})

test('RPC-GRM-006 lists FactoryReset', {
  meta: { id: 'RPC-GRM-006' },
}, async ({ session }) => {
  const answer = granted(await session.call('GetRPCMethods', {}))

  assertAmong(answer.MethodList, ['FactoryReset'], 'the MethodList')
})

test('RPC-GRM-007 lists each method once', {
  meta: { id: 'RPC-GRM-007' },
}, async ({ session }) => {
  const answer = granted(await session.call('GetRPCMethods', {}))

  expect(answer.MethodList.toSorted()).toEqual([...new Set(answer.MethodList)].toSorted())
})
