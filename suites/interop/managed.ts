import { ConformanceFailure, Untestable } from '../../harness/conformance.ts'
import { provisions } from '../../harness/testbed/acs-programme.ts'
import type { ManagedDevice } from '../../harness/testbed/managed-device.ts'

/** What the cases of this suite are given. */
export interface Managed {
  readonly device: ManagedDevice
  readonly restore: (step: () => Promise<void>) => void
}

/** Time that the device has to boot or to come back, and its session after that. */
export function bootMs({ profile }: ManagedDevice): number {
  const { rebootSeconds, bootSeconds, responseSeconds } = profile.pixit.timing
  return (Math.max(rebootSeconds, bootSeconds) + responseSeconds) * 1000
}

/** Time for a transfer and the session after it. */
export function transferMs({ profile }: ManagedDevice): number {
  return (profile.pixit.timing.transferSeconds + profile.pixit.timing.responseSeconds) * 1000
}

/** Has the ACS read a parameter from the device, and gives what it then knows. */
export async function readBack(device: ManagedDevice, path: string): Promise<unknown> {
  await device.do({ name: 'provisions', provisions: [[provisions.read, path]] })
  return device.storedValue(path)
}

/** Has the ACS set parameters. */
export async function set(
  device: ManagedDevice,
  values: Readonly<Record<string, string | number | boolean>>,
): Promise<void> {
  await device.do({ name: 'setParameterValues', parameterValues: Object.entries(values) })
}

/** Reads a parameter, and puts it back after the case. */
export async function keep({ device, restore }: Managed, path: string): Promise<string | number | boolean> {
  const before = (await readBack(device, path)) as string | number | boolean
  restore(() => set(device, { [path]: before }))
  return before
}

/** The one of two values that a parameter does not have. */
export function otherThan<Value>(now: unknown, [first, second]: readonly [Value, Value]): Value {
  return now === first ? second : first
}

/** Has the device called over whatever way the ACS chooses, and waits for the session that comes of it to be over. */
export async function call(device: ManagedDevice, signal: AbortSignal): Promise<void> {
  device.needCall()
  const mark = device.messages.mark()
  const refusal = await device.site.genie.requestConnection(device.id)
  if (refusal !== undefined) throw new ConformanceFailure('the ACS to reach the device', refusal)
  await device.informWith('6 CONNECTION REQUEST', mark, { signal })
  await device.quiet({ signal })
}

/** Forgets faults, and what the ACS would try again because of them. */
export async function clearFaults({ id, site: { genie } }: ManagedDevice): Promise<void> {
  for (const { _id } of await genie.faults({ device: id })) await genie.deleteFault(_id)
  for (const { _id } of await genie.tasks({ device: id })) await genie.deleteTask(_id)
}

/** An optional entry of the profile. @throws Untestable when it is not there */
export function named<T>(entry: T | undefined, what: string): T {
  if (entry === undefined) throw new Untestable(`the profile names no ${what}`)
  return entry
}
