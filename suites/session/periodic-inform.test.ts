import type { AcsSession } from '../../harness/acs/acs.ts'
import { ConformanceFailure, DeviceSilent, expect, test } from '../../harness/conformance.ts'
import { interval, periodic, setPeriod } from '../../harness/testbed/periodic-informs.ts'
import type { TestBed } from '../../harness/testbed/testbed.ts'
import { iso } from './clock.ts'

test('PER-INTERVAL-001 opens sessions with 2 PERIODIC at the interval', {
  meta: { id: 'PER-INTERVAL-001' },
}, async ({ cpe, session, restore }) => {
  restore(() => cpe.enrol())
  await setPeriod(cpe, session, { enable: true, interval })
  await session.end()
  const first = await periodic(cpe)
  await first.end()

  const second = await periodic(cpe)

  const apart =
    ((second.informExchange.atMs - first.informExchange.atMs) * cpe.profile.pixit.clockRate) / 1000
  if (Math.abs(apart - interval) > 1)
    throw new ConformanceFailure(`periodic Informs ${interval} s apart`, `${apart.toFixed(2)} s`)
})

test('PER-CHANGE-001 lets a changed interval take effect at once', {
  meta: { id: 'PER-CHANGE-001' },
}, async ({ cpe, session, restore }) => {
  restore(() => cpe.enrol())
  await setPeriod(cpe, session, { enable: true, interval: 86_400 })
  await session.end()
  const later = await cpe.openSession()
  await setPeriod(cpe, later, { interval })
  await later.end()

  const next = await periodic(cpe)

  expect(next.inform).toCarryEvents('2 PERIODIC')
})

test('PER-DISABLE-001 opens no periodic sessions once they are disabled', {
  meta: { id: 'PER-DISABLE-001' },
}, async ({ cpe, session, restore }) => {
  restore(() => cpe.enrol())
  await setPeriod(cpe, session, { enable: true, interval })
  await session.end()
  const first = await periodic(cpe)
  await setPeriod(cpe, first, { enable: false })
  await first.end()

  // One that fell due while the session was open is still to be told.
  const { clockRate, timing } = cpe.profile.pixit
  const quietMs = (interval * 1000) / clockRate + timing.informSeconds * 100
  const owed = await periodic(cpe, quietMs).catch(ifSilent)
  if (owed === undefined) return
  await owed.end()
  await expect(
    periodic(cpe, quietMs),
    'a second periodic session after PeriodicInformEnable=false',
  ).rejects.toBeInstanceOf(DeviceSilent)
})

test('PER-ENABLE-001 opens periodic sessions again once they are enabled', {
  meta: { id: 'PER-ENABLE-001' },
}, async ({ cpe, session, restore }) => {
  restore(() => cpe.enrol())
  await setPeriod(cpe, session, { enable: false, interval })
  await session.end()
  const later = await cpe.openSession()
  await setPeriod(cpe, later, { enable: true })
  await later.end()

  const next = await periodic(cpe)

  expect(next.inform).toCarryEvents('2 PERIODIC')
})

test('PER-TIME-001 takes the phase of periodic sessions from PeriodicInformTime', {
  meta: { id: 'PER-TIME-001' },
}, async ({ cpe, session, restore, skip, task }) => {
  const now = Date.parse(session.inform.CurrentTime)
  if (Number.isNaN(now) || now < Date.parse('2000-01-01T00:00:00Z')) {
    task.meta.notApplicable = 'the device does not know the time'
    skip()
  }
  restore(() => cpe.enrol())
  const period = 4
  // Two seconds from the device's own now, so that neither this nor the last period begins by chance at the right phase.
  const reference = new Date(Math.ceil(now / 1000) * 1000 + 2000)
  await setPeriod(cpe, session, {
    enable: true,
    interval: period,
    time: reference.toISOString().replace('.000', ''),
  })
  await session.end()

  const next = await periodic(cpe)

  const off =
    ((((Date.parse(next.inform.CurrentTime) - reference.getTime()) / 1000) % period) + period) % period
  if (Math.min(off, period - off) > 1)
    throw new ConformanceFailure(
      `a multiple of ${period} s before or after PeriodicInformTime`,
      `${off} s after one`,
    )
})

test('PER-CLOCK-001 goes on with its periodic sessions when its clock jumps ahead', {
  meta: { id: 'PER-CLOCK-001' },
}, async ({ cpe, session, restore }) => {
  await jump({ cpe, session, restore }, 86_400)

  const next = await periodic(cpe)

  expect(next.inform).toCarryEvents('2 PERIODIC')
})

test('PER-CLOCK-002 goes on with its periodic sessions when its clock jumps back', {
  meta: { id: 'PER-CLOCK-002' },
}, async ({ cpe, session, restore }) => {
  await jump({ cpe, session, restore }, -86_400)

  const next = await periodic(cpe)

  expect(next.inform).toCarryEvents('2 PERIODIC')
})

/** Has a device with periodic sessions find its clock so many seconds away from where it was. */
async function jump(
  {
    cpe,
    session,
    restore,
  }: { cpe: TestBed; session: AcsSession; restore: (step: () => Promise<void>) => void },
  bySeconds: number,
): Promise<void> {
  restore(() => cpe.enrol())
  restore(() => cpe.dut.setClock(iso(0)))
  await setPeriod(cpe, session, { enable: true, interval })
  await session.end()
  await (await periodic(cpe)).end()
  await cpe.dut.setClock(iso(bySeconds))
  // What was due before does not count.
  await (await cpe.openSession()).end()
}

function ifSilent(error: unknown): undefined {
  if (!(error instanceof DeviceSilent)) throw error
}
