import type { TestContext } from 'vitest'
import type { AcsSession } from '../../harness/acs/acs.ts'
import { ConformanceFailure, expect, test, Untestable } from '../../harness/conformance.ts'
import { isFault } from '../../harness/cwmp/cwmp.ts'
import { gatewayOption125, option43, senderOf } from './dhcp-options.ts'
import { discover, enrolsAgain, renewLease, urlOffered } from './discovering.ts'

/** Device and gateway tell each other by DHCP who they are (TR-069 Annex F). */

const GATEWAY = { oui: '0A1B2C', serialNumber: 'GATEWAY-1', productClass: 'Conformance gateway' }
const OTHER_GATEWAY = { ...GATEWAY, serialNumber: 'GATEWAY-2' }

test('DISC-020 says in option 125 who it is, as in its Inform', {
  meta: { id: 'DISC-020' },
}, async ({ acs, cpe, dut, restore, pixit }) => {
  enrolsAgain(cpe, restore)
  const offer = { option43: option43({ url: urlOffered(acs) }), discover: true }

  const [session, { option125: sent }] = await Promise.all([
    cpe.nextSession({ timeoutMs: pixit.timing.rebootSeconds * 1000 }),
    dut.dhcpOptions(offer),
  ])

  if (sent === undefined) throw new Untestable('the adapter cannot see option 125 of the device')
  const { OUI, SerialNumber, ProductClass } = session.inform.DeviceId
  expect(senderOf(sent), 'who the device is in option 125').toEqual({
    oui: OUI,
    serialNumber: SerialNumber,
    productClass: ProductClass,
  })
  await session.end()
})

test('DISC-021 shows in GatewayInfo the gateway that option 125 names', {
  meta: { id: 'DISC-021' },
}, async ({ acs, cpe, restore, root, skip, task }) => {
  const options = { option43: option43({ url: urlOffered(acs) }), option125: gatewayOption125(GATEWAY) }

  const session = await discover(cpe, restore, options)

  expect(await gatewayAt(session, root, { skip, task }), `${root}GatewayInfo`).toEqual(GATEWAY)
  await session.end()
})

test('DISC-022 tells at once that it hangs on another gateway', {
  meta: { id: 'DISC-022' },
}, async ({ acs, cpe, restore, root, skip, task }) => {
  const option = option43({ url: urlOffered(acs) })
  const options = { option43: option, option125: gatewayOption125(GATEWAY) }
  const session = await discover(cpe, restore, options)
  await gatewayAt(session, root, { skip, task })
  await session.end()

  const next = await renewLease(cpe, { option43: option, option125: gatewayOption125(OTHER_GATEWAY) })

  expect(next.inform).toCarryEvents('4 VALUE CHANGE')
  const told = next.parameters.get(`${root}GatewayInfo.SerialNumber`)?.Value
  if (told !== OTHER_GATEWAY.serialNumber)
    throw new ConformanceFailure(
      `GatewayInfo.SerialNumber ${OTHER_GATEWAY.serialNumber} in the Inform`,
      told ?? 'an Inform without it',
    )
  await next.end()
})

/** The gateway that the device shows; one without GatewayInfo is N/A. */
async function gatewayAt(
  session: AcsSession,
  root: string,
  { skip, task }: Pick<TestContext, 'skip' | 'task'>,
) {
  const info = `${root}GatewayInfo.`
  const answer = await session.call('GetParameterValues', { ParameterNames: [info] })
  if (isFault(answer)) {
    task.meta.notApplicable = `the device has no ${info}`
    return skip()
  }
  const value = (name: string) =>
    answer.ParameterList.find(({ Name }) => Name === info + name)?.Value ?? 'nothing'
  return {
    oui: value('ManufacturerOUI'),
    serialNumber: value('SerialNumber'),
    productClass: value('ProductClass'),
  }
}
