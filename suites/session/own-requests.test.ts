import type { AcsSession, CpeRequestHandler } from '../../harness/acs/acs.ts'
import { ConformanceFailure, expect, granted, test } from '../../harness/conformance.ts'
import { buildFault, buildRequest, buildResponse, type Envelope } from '../../harness/cwmp/cwmp.ts'
import type { TestBed } from '../../harness/testbed/testbed.ts'
import { lacks } from './lacking.ts'

/** What the device itself asks of the ACS, and how the session goes on from there (TR-069 3.7.1.2 to 3.7.1.6). */

const none = 'the device has no request of its own in its first session'
const asksNothing = 'the device does not call GetRPCMethods in its first session'

test('SES-ORDER-001 answers a request of the ACS before it sends one of its own', {
  meta: { id: 'SES-ORDER-001' },
}, async ({ cpe, restore, pixit, signal, skip, task }) => {
  restore(() => cpe.enrol())
  const before = await firstContact(cpe, '/order-nothing', signal)
  await before.end()
  if (before.cpeRequests.length === 0) {
    task.meta.notApplicable = none
    skip()
  }
  const session = await firstContact(cpe, '/order', signal, { holdRequests: true })
  const ParameterNames = [pixit.parameters.readOnly.path]
  granted(await session.call('GetParameterValues', { ParameterNames }, { holdRequests: true }))

  const { cwmpNamespace: namespace } = session.informEnvelope
  const { xmlDeclaration } = pixit.acs
  const style = { id: 'order', namespace, xmlDeclaration }
  const { envelope, description } = await session.send(
    buildRequest('GetParameterValues', { ParameterNames }, style),
  )

  if (envelope?.kind !== 'response' || envelope.name !== 'GetParameterValues')
    throw new ConformanceFailure('GetParameterValuesResponse before anything else', description)
})

test('SES-FAULT-001 goes on with its session when the ACS answers a request with a fault', {
  meta: { id: 'SES-FAULT-001' },
}, async ({ cpe, restore, pixit, signal, skip, task }) => {
  restore(() => cpe.enrol())
  const session = await firstContact(cpe, '/refused', signal, {}, refusesFirst(cpe, 8001, 'Request denied'))

  const { path } = pixit.parameters.readOnly
  granted(await session.call('GetParameterValues', { ParameterNames: [path] }))

  if (session.cpeRequests.length === 0) {
    task.meta.notApplicable = none
    skip()
  }
})

test('SES-8005-002 sends another request than the Inform again, too, when the ACS answers it with fault 8005', {
  meta: { id: 'SES-8005-002' },
}, async ({ cpe, restore, signal, skip, task }) => {
  restore(() => cpe.enrol())
  const session = await firstContact(cpe, '/again', signal, {}, refusesFirst(cpe, 8005, 'Retry request'))

  await session.end()

  const [first, second] = session.cpeRequests
  if (!first) {
    task.meta.notApplicable = none
    skip()
  }
  expect(second?.name ?? 'none', 'request after fault 8005').toBe(first?.name)
})

test('SES-END-004 does not end its session at an empty answer before it was free to ask', {
  meta: { id: 'SES-END-004' },
}, async ({ cpe, signal }) => {
  const session = await cpe.openSession(signal, { inform: { holdRequests: true } })

  const next = await session.send('', { status: 204 })

  // An empty answer lifts the hold: what comes is a request of the device, or the empty POST that says it has none.
  const isDue = next.body.length === 0 || (next.isCpeRequest && !next.isInform)
  if (!isDue)
    throw new ConformanceFailure(
      ['an empty POST in the same session', 'a request of the CPE'],
      next.description,
    )
})

test('SES-METHODS-001 goes on with its session when the ACS lists methods that it does not know, and few that it does', {
  meta: { id: 'SES-METHODS-001' },
}, async ({ cpe, restore, pixit, signal, skip, task }) => {
  restore(() => cpe.enrol())
  // What every ACS has to have, and what no device has heard of: all that is optional is missing.
  const MethodList = ['Inform', 'TransferComplete', 'X_000000_Conformance', 'GetRPCMethods', 'SetTheTable']
  const lists: CpeRequestHandler = ({ name, id = '', cwmpNamespace: namespace }) => {
    if (name !== 'GetRPCMethods') return undefined
    const { xmlDeclaration } = pixit.acs
    return { body: buildResponse(name, { MethodList }, { id, namespace, xmlDeclaration }) }
  }
  const session = await firstContact(cpe, '/lists', signal, {}, lists)

  const { path } = pixit.parameters.readOnly
  granted(await session.call('GetParameterValues', { ParameterNames: [path] }))
  await session.end()

  if (!session.cpeRequests.some(({ name }) => name === 'GetRPCMethods')) {
    task.meta.notApplicable = asksNothing
    skip()
  }
})

test('SES-METHODS-002 goes on with its session when the ACS has no GetRPCMethods, and does not ask in it again', {
  meta: { id: 'SES-METHODS-002' },
}, async ({ cpe, restore, pixit, signal, skip, task }) => {
  restore(() => cpe.enrol())
  const session = await firstContact(cpe, '/lists-nothing', signal, {}, lacks(cpe, 'GetRPCMethods'))

  const { path } = pixit.parameters.readOnly
  granted(await session.call('GetParameterValues', { ParameterNames: [path] }))
  await session.end()

  const calls = session.cpeRequests.filter(({ name }) => name === 'GetRPCMethods')
  if (calls.length === 0) {
    task.meta.notApplicable = asksNothing
    skip()
  }
  expect(calls, 'calls of GetRPCMethods, the first refused with 8000').toHaveLength(1)
})

/** Answers the device's first request with a fault, and all others properly. */
function refusesFirst({ profile }: TestBed, code: number, string: string): CpeRequestHandler {
  const { xmlDeclaration } = profile.pixit.acs
  let asked = 0
  return ({ id = '', cwmpNamespace: namespace }: Envelope) => {
    asked += 1
    if (asked > 1) return undefined
    return { body: buildFault({ code, string }, { id, namespace, xmlDeclaration }) }
  }
}

/** The session that the device opens to an ACS it has not met: the one in which it is most likely to have requests. */
function firstContact(
  cpe: TestBed,
  path: string,
  signal: AbortSignal,
  inform: { holdRequests?: boolean } = {},
  onCpeRequest?: CpeRequestHandler,
): Promise<AcsSession> {
  const next = { inform, ...(onCpeRequest === undefined ? {} : { onCpeRequest }) }
  return cpe.provision({ acsUrl: new URL(path, cpe.acs.url).href, signal }, next)
}
