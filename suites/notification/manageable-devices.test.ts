import type { TestContext } from 'vitest'
import type { AcsSession } from '../../harness/acs/acs.ts'
import { expect, granted, test, Untestable } from '../../harness/conformance.ts'
import { isFault } from '../../harness/cwmp/cwmp.ts'
import { isOpenedFor } from '../../harness/testbed/untold.ts'
import { expectHeldBack, type Hold, heldBackMs, secondsToHold } from './held-back.ts'
import {
  type Bench,
  expectToldWhenCalled,
  noChangeTold,
  sessionTelling,
  watchAttribute,
  watchBoolean,
} from './watching.ts'

/** Devices in the LAN behind a gateway (Annex F), and how often their number is told (ManageableDeviceNotificationLimit). */

test('NTF-MANAGEABLE-001 waits with telling the number of manageable devices until the limit lets it', {
  meta: { id: 'NTF-MANAGEABLE-001' },
}, async ({ cpe, restore, signal, skip, task }) => {
  const bench = { cpe, restore, signal }
  const lan = await gateway(bench, { skip, task })
  const { hold, known } = await lan.toldWithLimit(3)

  await lan.bring(2)

  const madeMs = cpe.transcript.now()
  const told = [{ path: lan.counter, value: String(lan.before + 2) }]
  const next = await sessionTelling(bench, told, { timeoutMs: heldBackMs(cpe, hold) })
  // Another parameter that notifies may open a session at any time, and that has to tell the number.
  const isForIt = isOpenedFor({ path: lan.counter, known }, next.inform)
  expectHeldBack(cpe, next, hold, { madeMs, isForIt })
})

test('NTF-MANAGEABLE-002 tells at once for the first time that the number of manageable devices has changed', {
  meta: { id: 'NTF-MANAGEABLE-002' },
}, async ({ cpe, restore, signal, skip, task }) => {
  const lan = await gateway({ cpe, restore, signal }, { skip, task })
  await lan.limit(0)
  await lan.watch()

  await lan.bring(1)

  await sessionTelling({ cpe, signal }, [{ path: lan.counter, value: String(lan.before + 1) }])
})

test('NTF-MANAGEABLE-003 tells another change at once whatever the limit of manageable devices is', {
  meta: { id: 'NTF-MANAGEABLE-003' },
}, async ({ cpe, dut, restore, signal, skip, task }) => {
  const bench = { cpe, restore, signal }
  const lan = await gateway(bench, { skip, task })
  const { path, other } = await watchBoolean(bench, 2)
  await lan.toldWithLimit(3600)
  await lan.bring(2)

  await dut.setLocally(path, other, signal)

  await sessionTelling(bench, [{ path, value: other }])
})

test('NTF-MANAGEABLE-004 tells the number of manageable devices that the limit held back in a session that comes of something else', {
  meta: { id: 'NTF-MANAGEABLE-004' },
}, async ({ cpe, restore, signal, skip, task }) => {
  const lan = await gateway({ cpe, restore, signal }, { skip, task })
  await lan.toldWithLimit(3600)
  const mark = cpe.messages.mark()
  await lan.bring(2)

  const change = { path: lan.counter, value: String(lan.before + 2) }
  await expectToldWhenCalled({ cpe, signal }, mark, change)
})

test('NTF-MANAGEABLE-005 lists a device of the LAN by what it says of itself', {
  meta: { id: 'NTF-MANAGEABLE-005' },
}, async ({ cpe, root, restore, signal, skip, task }) => {
  const lan = await gateway({ cpe, restore, signal }, { skip, task })

  await lan.bring(1)

  const { oui, productClass, serialNumber } = deviceOf(1)
  const identities = await manageable(await cpe.openSession(signal), root)
  expect(identities, 'ManufacturerOUI, ProductClass and SerialNumber of ManageableDevice').toContainEqual([
    oui,
    productClass,
    serialNumber,
  ])
})

test('NTF-MANAGEABLE-006 lists a device of the LAN no longer when its lease has ended', {
  meta: { id: 'NTF-MANAGEABLE-006' },
}, async ({ cpe, dut, root, restore, signal, skip, task }) => {
  const lan = await gateway({ cpe, restore, signal }, { skip, task })
  await lan.bring(1)

  await dut.lanDevice({ ...deviceOf(1), present: false }, signal)

  const identities = await manageable(await cpe.openSession(signal), root)
  expect(identities.map(([, , serial]) => serial)).not.toContain(deviceOf(1).serialNumber)
})

test('NTF-MANAGEABLE-007 has a device of the LAN once however often it gets a lease', {
  meta: { id: 'NTF-MANAGEABLE-007' },
}, async ({ cpe, restore, signal, skip, task }) => {
  const lan = await gateway({ cpe, restore, signal }, { skip, task })
  await lan.bring(1)
  const known = await lan.watch()
  const mark = cpe.messages.mark()

  await lan.bring(1)

  await noChangeTold({ cpe, signal }, mark, { path: lan.counter, known })

  const session = await cpe.openSession(signal)
  const { ParameterList } = granted(
    await session.call('GetParameterValues', { ParameterNames: [lan.counter] }),
  )
  expect(Number(ParameterList[0]?.Value), lan.counter).toBe(lan.before + 1)
})

/** Who the devices are that cases bring into the LAN. */
function deviceOf(number: number) {
  return { oui: '0A1B2C', serialNumber: `CONFORMANCE-${number}`, productClass: 'Conformance' }
}

/** The device as a gateway, with what a case does in its LAN; all of it is undone after the case. A device that is none is N/A. */
async function gateway({ cpe, restore, signal }: Bench, { skip, task }: Pick<TestContext, 'skip' | 'task'>) {
  const server = `${cpe.profile.cwmp.root}ManagementServer.`
  const counter = `${server}ManageableDeviceNumberOfEntries`
  const session = await cpe.openSession(signal)
  const read = await session.call('GetParameterValues', { ParameterNames: [counter] })
  await session.end()
  if (isFault(read)) {
    task.meta.notApplicable = `the device has no ${counter}`
    skip()
  }
  if (!cpe.dut.supports('lanDevice')) throw new Untestable('the adapter has no lanDevice')
  restore(async () => {
    for (const number of [1, 2]) await cpe.dut.lanDevice({ ...deviceOf(number), present: false })
  })
  const bring = (number: number) => cpe.dut.lanDevice({ ...deviceOf(number), present: true }, signal)
  /** Sets ManageableDeviceNotificationLimit in a session, which ends then. */
  const limit = async (seconds: number, session?: AcsSession) => {
    const path = `${server}ManageableDeviceNotificationLimit`
    const here = session ?? (await cpe.openSession(signal))
    const now = await here.call('GetParameterValues', { ParameterNames: [path] })
    if (isFault(now)) throw new Untestable(`the device has no ${path}`)
    restore(async () => {
      const later = await cpe.openSession()
      await later.call('SetParameterValues', { ParameterList: now.ParameterList, ParameterKey: '' })
      await later.end()
    })
    const ParameterList = [{ Name: path, Value: String(seconds), type: 'xsd:unsignedInt' }]
    granted(await here.call('SetParameterValues', { ParameterList, ParameterKey: 'limit' }))
    await here.end()
    return here.exchanges.at(-1)?.atMs ?? 0
  }
  /** Has the number of manageable devices notify actively. Gives the parameters of the Inform. */
  const watch = async () => {
    const here = await cpe.openSession(signal)
    await watchAttribute({ cpe, restore }, here, counter, 2)
    await here.end()
    return here.parameters
  }
  const before = Number(granted(read).ParameterList[0]?.Value)
  return {
    counter,
    before,
    bring,
    limit,
    watch,
    /**
     * Brings the first device, takes the session that tells it, and sets the limit in that one: to so many seconds and what it takes to bring
     * the second device meanwhile. Gives the parameters of its Inform as well.
     */
    toldWithLimit: async (least: number) => {
      await limit(0)
      await watch()
      const seconds = await secondsToHold(cpe, least, 1, () => bring(1))
      const session = await sessionTelling({ cpe, signal }, [{ path: counter, value: String(before + 1) }])
      const hold: Hold = { sinceMs: await limit(seconds, session), seconds }
      return { hold, known: session.parameters }
    },
  }
}

/** OUI, product class and serial number of each manageable device. */
async function manageable(session: AcsSession, root: string): Promise<string[][]> {
  const table = `${root}ManagementServer.ManageableDevice.`
  const { ParameterList } = granted(await session.call('GetParameterValues', { ParameterNames: [table] }))
  const rows = new Map<string, Map<string, string>>()
  for (const { Name, Value } of ParameterList) {
    const [row = '', parameter = ''] = Name.slice(table.length).split('.')
    rows.set(row, (rows.get(row) ?? new Map<string, string>()).set(parameter, Value))
  }
  return [...rows.values()].map((row) =>
    ['ManufacturerOUI', 'ProductClass', 'SerialNumber'].map((name) => row.get(name) ?? ''),
  )
}
