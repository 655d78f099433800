import type { WaitOptions } from '../../harness/acs/acs.ts'
import { DeviceSilent, expect, granted, test } from '../../harness/conformance.ts'
import { isFault } from '../../harness/cwmp/cwmp.ts'
import type { TestBed } from '../../harness/testbed/testbed.ts'
import { bootWaitMs } from './boot-time.ts'

/** ManagementServer.EnableCWMP: false ends all contact until somebody at the device says otherwise. */

/** So many milliseconds no session may come of a connection request: a part of the time that the device may take for one. */
function quietMs({ profile }: TestBed): number {
  return profile.pixit.timing.informSeconds * 150
}

test('SES-ENABLE-001 opens no session for a connection request once EnableCWMP is false', {
  meta: { id: 'SES-ENABLE-001' },
}, async ({ cpe, restore, signal, skip, task }) => {
  restore(() => cpe.enrol())
  if (!(await disable(cpe, restore, signal))) {
    task.meta.notApplicable = 'the device has no EnableCWMP that can be set'
    skip()
  }
  const mark = cpe.messages.mark()

  // Refused, or not even heard: both will do.
  await cpe.requestConnection(signal).catch(() => undefined)

  await noInformSince(mark, cpe, { timeoutMs: quietMs(cpe), signal })
})

test('SES-ENABLE-002 opens no session for 1 BOOT while EnableCWMP is false', {
  meta: { id: 'SES-ENABLE-002' },
}, async ({ cpe, dut, restore, signal, skip, task }) => {
  restore(() => cpe.enrol())
  const powerCycle = () => dut.powerCycle(signal)
  const timeoutMs = await bootWaitMs(cpe, powerCycle, { leastMs: quietMs(cpe), signal })
  if (!(await disable(cpe, restore, signal))) {
    task.meta.notApplicable = 'the device has no EnableCWMP that can be set'
    skip()
  }
  const mark = cpe.messages.mark()

  await powerCycle()

  await noInformSince(mark, cpe, { timeoutMs, signal })
})

test('SES-ENABLE-003 opens sessions again once EnableCWMP is true', {
  meta: { id: 'SES-ENABLE-003' },
}, async ({ cpe, dut, restore, root, signal, skip, task }) => {
  restore(() => cpe.enrol())
  if (!(await disable(cpe, restore, signal))) {
    task.meta.notApplicable = 'the device has no EnableCWMP that can be set'
    skip()
  }

  const mark = cpe.messages.mark()
  await dut.setLocally(`${root}ManagementServer.EnableCWMP`, '1', signal)
  await cpe.openSession(signal)

  // It may have opened one by itself before it was asked to.
  for (const { RetryCount } of cpe.messages.informsSince(mark)) expect(RetryCount, 'RetryCount').toBe(0)
})

/** Waits for a while: no Inform comes, and none has come since this mark of the messages, while the adapter was at work. */
async function noInformSince(mark: number, { acs, messages }: TestBed, wait: WaitOptions): Promise<void> {
  await expect(acs.nextSession(wait), 'a session although CWMP is disabled').rejects.toBeInstanceOf(
    DeviceSilent,
  )
  expect(messages.informsSince(mark).length, 'Informs although CWMP is disabled').toBe(0)
}

/** Has the ACS switch CWMP off; switched on again at the device after the case. False when there is no such parameter. */
async function disable(
  cpe: TestBed,
  restore: (undo: () => Promise<void>) => void,
  signal: AbortSignal,
): Promise<boolean> {
  const path = `${cpe.profile.cwmp.root}ManagementServer.EnableCWMP`
  const session = await cpe.openSession(signal)
  const ParameterList = [{ Name: path, Value: '0', type: 'xsd:boolean' }]
  const answer = await session.call('SetParameterValues', { ParameterList, ParameterKey: 'off' })
  if (isFault(answer)) return false
  restore(() => cpe.dut.setLocally(path, '1'))
  granted(answer)
  await session.end()
  return true
}
