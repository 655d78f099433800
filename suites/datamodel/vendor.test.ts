import { expect, granted, test, Untestable } from '../../harness/conformance.ts'
import { reboot } from '../rpc/restart.ts'
import { aString, keepValues, otherThan, setValues, valueAt } from '../rpc/values.ts'
import { conclude, judged } from './findings.ts'
import { survey } from './survey.ts'

/** What a maker has added to the data model (TR-106 3.3). */

test('DM-VENDOR-001 names what is its own with X_, its maker and a name', {
  meta: { id: 'DM-VENDOR-001' },
}, async ({ session, root, task }) => {
  const { objects, parameters } = await survey(session, root)
  const names = [...objects.keys(), ...parameters.map(({ name }) => name)]
  const own = [...new Set(names.flatMap((name) => name.split('.').filter((each) => /^X_/i.test(each))))]

  const findings = judged('vendor-specific names', own, (name) =>
    /^X_[0-9A-Z][0-9A-Z-]*_[0-9A-Za-z_]/.test(name) ? undefined : name,
  )

  conclude(task, 'X_, then an OUI or a domain in capitals, then _ and a name', findings)
})

test('DM-VENDOR-002 keeps over a reboot what the ACS has set in a parameter of its maker', {
  meta: { id: 'DM-VENDOR-002' },
}, async ({ cpe, session, restore, pixit }) => {
  const { vendorSpecific } = pixit.parameters
  if (!vendorSpecific) throw new Untestable('the profile names no vendor-specific parameter')
  const { path, values } = vendorSpecific
  const before = await keepValues({ cpe, session, restore }, path)
  const wanted = otherThan(before.get(path)?.Value ?? '', values)
  granted(await setValues(session, [aString(path, wanted)]))

  const booted = await reboot(cpe, session)

  expect(await valueAt(booted, path), path).toBe(wanted)
})
