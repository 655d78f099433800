import type { TestContext } from 'vitest'
import type { AcsSession } from '../../harness/acs/acs.ts'
import { ConformanceFailure, Untestable } from '../../harness/conformance.ts'
import { checkUniversal, type UniversalResult } from '../../harness/cwmp/universal.ts'
import { officialSchemas, universalOf } from '../../harness/testbed/evidence.ts'
import type { TestBed } from '../../harness/testbed/testbed.ts'

interface Circumstances {
  readonly cpe: TestBed
  readonly signal: AbortSignal
  readonly skip: TestContext['skip']
  readonly task: TestContext['task']
}

/** What a device need not have: without such a message the requirement says nothing about it. */
const perhapsAbsent: Readonly<Record<string, string>> = {
  'UNI-HTTP-006': 'the device sent no empty POST',
  'UNI-HTTP-008': 'the device names no charset',
  'UNI-HTTP-010': 'the device sends no SOAPAction with its answers',
  'UNI-HTTP-011': 'the device sent no request but the Inform',
  'UNI-HEADER-003': 'the device sends neither SessionTimeout nor SupportedCWMPVersions',
  'UNI-HEADER-004': 'the device sends no SessionTimeout',
  'UNI-HEADER-005': 'the device sends no SupportedCWMPVersions',
  'UNI-INFORM-003': 'the device does not know the time',
  'UNI-INFORM-005': 'the device is no InternetGatewayDevice',
  'UNI-EVENT-006': 'the device told no event of a method',
  'UNI-EVENT-007': 'the conversation brings no transfer and no scheduled Inform',
  'UNI-EVENT-009': 'the conversation brings no heartbeat',
  'UNI-FAULT-005': 'the device did not refuse ScheduleDownload',
  'UNI-FAULT-007': 'the device named no single parameter in a fault',
}

const results = new WeakMap<TestBed, UniversalResult>()

/**
 * Holds a fixed conversation with the device against one universal requirement. The cases of a worker share the conversation;
 * one whose requirement is broken has it again, so that its own transcript shows the message.
 * @throws ConformanceFailure with the first violation
 * @throws Untestable when the device sent no message to hold the requirement against
 */
export async function holds(id: string, { cpe, signal, skip, task }: Circumstances): Promise<void> {
  let result = results.get(cpe)
  if (!result || firstOf(result, id)) {
    result = await converse(cpe, signal)
    results.set(cpe, result)
  }
  const finding = firstOf(result, id)
  if (finding) throw new ConformanceFailure(finding.expected, finding.actual)
  if ((result.checked[id] ?? 0) > 0) return
  const reason = perhapsAbsent[id]
  if (reason === undefined) throw new Untestable('the device sent no message to hold it against')
  task.meta.notApplicable = reason
  skip()
}

function firstOf(result: UniversalResult, id: string): UniversalResult['findings'][number] | undefined {
  return result.findings.find(({ requirement }) => requirement === id)
}

/** An Inform after a reboot and one after a connection request, values, names, faults, with cwmp:ID and without. */
async function converse(cpe: TestBed, signal: AbortSignal): Promise<UniversalResult> {
  const { root } = cpe.profile.cwmp
  const { object, writableString } = cpe.profile.pixit.parameters
  const unknown = `${root}DeviceInfo.X_CONFORMANCE_NoSuchParameter`
  const mark = cpe.messages.mark()

  await reboot(cpe, signal)
  const withoutWindow = {
    ...{ CommandKey: '', FileType: '2 Web Content', URL: 'http://files.example/nothing', FileSize: 0 },
    ...{ Username: '', Password: '', TargetFileName: '', TimeWindowList: [] },
  }
  const ParameterList = [{ Name: unknown, Value: 'x', type: 'xsd:string' }]
  const steps: ((session: AcsSession) => Promise<unknown>)[] = [
    (session) => session.call('GetRPCMethods', {}),
    (session) => session.call('GetParameterValues', { ParameterNames: [object.path] }),
    (session) =>
      session.call('GetParameterNames', { ParameterPath: object.path, NextLevel: true }, { id: null }),
    (session) =>
      session.call('GetParameterAttributes', { ParameterNames: [writableString.path] }, { id: 'a<b & "c"' }),
    (session) => session.call('GetParameterValues', { ParameterNames: [unknown] }),
    (session) =>
      session.call('GetParameterNames', { ParameterPath: unknown, NextLevel: false }, { id: null }),
    (session) => session.call('SetParameterValues', { ParameterList, ParameterKey: '' }),
    (session) => session.call('AddObject', { ObjectName: `${unknown}.`, ParameterKey: '' }),
    (session) => session.call('ScheduleDownload', withoutWindow),
    (session) => session.end(),
  ]
  let session = await cpe.openSession(signal)
  for (const step of steps) {
    try {
      await step(session)
    } catch (error) {
      // What came is in the messages; the requirement that it breaks says so, and the others go on in another session.
      if (!(error instanceof ConformanceFailure)) throw error
      await cpe.acs.drain()
      session = await cpe.openSession(signal)
    }
  }

  return checkUniversal(cpe.messages.since(mark).map(universalOf), officialSchemas())
}

/** Has the device tell a reboot; one that does not is a matter of other cases. */
async function reboot(cpe: TestBed, signal: AbortSignal): Promise<void> {
  const session = await cpe.openSession(signal)
  try {
    await session.call('Reboot', { CommandKey: 'conversation' })
    await session.end()
    const later = await cpe.nextSession({
      timeoutMs: cpe.profile.pixit.timing.rebootSeconds * 1000,
      where: ({ Event }) => Event.some(({ EventCode }) => EventCode === '1 BOOT' || EventCode === 'M Reboot'),
      signal,
    })
    await later.end()
  } catch (error) {
    if (!(error instanceof ConformanceFailure)) throw error
    await cpe.acs.drain()
  }
}
