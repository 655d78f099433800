import type { ParameterValue, StoredFault } from '../../harness/acs/acs.ts'
import { isStored } from '../../harness/acs/acs.ts'
import { ConformanceFailure, expect, test } from '../../harness/conformance.ts'
import { clearFaults, keep, type Managed, otherThan, readBack, set } from './managed.ts'

/** What the ACS makes of refusals (TR-069 A.5.1, A.3.2.1). */

type Detail = NonNullable<NonNullable<StoredFault['detail']>['setParameterValuesFault']>

/** Has the ACS set something that the device has to refuse; gives the one fault that it records. */
async function refusal(
  { device, restore }: Managed,
  parameterValues: readonly ParameterValue[],
): Promise<StoredFault> {
  restore(() => clearFaults(device))
  const { id, state, reason } = await device.run({ name: 'setParameterValues', parameterValues })
  if (state !== 'faulted') throw new ConformanceFailure('the device to refuse', `${state} (${reason})`)
  const faults = await device.site.genie.faults({ device: device.id })
  expect(
    faults.map(({ channel }) => channel),
    'faults',
  ).toEqual([`task_${id}`])
  return faults[0] as StoredFault
}

/** Parameters that a fault names, each with its code. */
function detailOf(fault: StoredFault): Record<string, string> {
  const detail: Detail = fault.detail?.setParameterValuesFault ?? []
  return Object.fromEntries(detail.map(({ parameterName, faultCode }) => [parameterName, faultCode]))
}

/** A value that the bounded parameter must not take, with the type that it has. */
async function outOfBounds({ device }: Managed): Promise<ParameterValue> {
  const { path, bad } = device.profile.pixit.parameters.bounded
  const now = await readBack(device, path)
  return typeof now === 'number' ? [path, Number(bad)] : [path, bad]
}

test('INT-FLT-001 has a value that is out of bounds recorded as 9003, and 9007 for the parameter', {
  meta: { id: 'INT-FLT-001' },
}, async ({ managed }) => {
  const bad = await outOfBounds(managed)

  const fault = await refusal(managed, [bad])

  expect(fault.code).toBe('cwmp.9003')
  expect(detailOf(fault)).toEqual({ [bad[0]]: '9007' })
})

test('INT-FLT-002 has the attempt to write what is read-only recorded as 9003, and 9008 for the parameter', {
  meta: { id: 'INT-FLT-002' },
}, async ({ managed }) => {
  const { path } = managed.device.profile.pixit.parameters.readOnly
  await readBack(managed.device, path)

  const fault = await refusal(managed, [[path, 'conformance']])

  expect(fault.code).toBe('cwmp.9003')
  expect(detailOf(fault)).toEqual({ [path]: '9008' })
})

test('INT-FLT-003 has each of several wrong parameters recorded with a code of its own, and sets none', {
  meta: { id: 'INT-FLT-003' },
}, async ({ managed }) => {
  const { device } = managed
  const { readOnly, writableString } = device.profile.pixit.parameters
  const before = await keep(managed, writableString.path)
  const bad = await outOfBounds(managed)
  await readBack(device, readOnly.path)

  const fault = await refusal(managed, [
    [writableString.path, otherThan(before, writableString.values)],
    bad,
    [readOnly.path, 'conformance'],
  ])

  expect(detailOf(fault)).toEqual({ [bad[0]]: '9007', [readOnly.path]: '9008' })
  await clearFaults(device)
  expect(await readBack(device, writableString.path), writableString.path).toBe(before)
})

test('INT-FLT-004 has a parameter that the ACS only believes in recorded as 9003, and 9005 for the parameter', {
  meta: { id: 'INT-FLT-004' },
}, async ({ managed }) => {
  const { device } = managed
  const path = device.path('DeviceInfo.X_CONFORMANCE_Gone')
  await readBack(device, device.path('DeviceInfo.Manufacturer'))
  await device.site.stack.pretend(device.id, path)

  const fault = await refusal(managed, [[path, 'conformance']])

  expect(fault.code).toBe('cwmp.9003')
  expect(detailOf(fault)).toEqual({ [path]: '9005' })
})

test('INT-FLT-005 has the ACS understand by 9005 that there is no such parameter', {
  meta: { id: 'INT-FLT-005' },
}, async ({ managed: { device } }) => {
  const path = device.path('DeviceInfo.X_CONFORMANCE_Gone')
  await readBack(device, device.path('DeviceInfo.Manufacturer'))
  await device.site.stack.pretend(device.id, path)
  const mark = device.messages.mark()

  await readBack(device, path)

  const codes = device.messages
    .since(mark)
    .flatMap(({ envelope }) => (envelope?.kind === 'fault' ? [envelope.fault?.faultCode] : []))
  expect(new Set(codes), 'fault codes').toEqual(new Set([9005]))
  expect(isStored(await device.stored(), path), path).toBe(false)
  expect(await device.site.genie.faults({ device: device.id }), 'faults').toEqual([])
})

test('INT-FLT-006 goes on with other work after it has refused something', {
  meta: { id: 'INT-FLT-006' },
}, async ({ managed }) => {
  const { device } = managed
  const { path, values } = device.profile.pixit.parameters.writableString
  const value = otherThan(await keep(managed, path), values)

  await refusal(managed, [await outOfBounds(managed)])
  await set(device, { [path]: value })

  expect(await readBack(device, path), path).toBe(value)
})
