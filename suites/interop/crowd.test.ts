import { storedValue } from '../../harness/acs/acs.ts'
import { ConformanceFailure, expect, test, Untestable } from '../../harness/conformance.ts'
import { crowdQuery, startCrowd } from '../../harness/testbed/crowd.ts'

/** Many devices at one ACS. */

const CROWD = 200

test('INT-CROWD-001 loses no task of two hundred devices that come to the ACS at once', {
  meta: { id: 'INT-CROWD-001' },
}, async ({ managed: { device, restore }, signal }) => {
  if (device.profile.adapter.kind !== 'reference')
    throw new Untestable('the bench has one device of this kind, and not two hundred')
  const { genie } = device.site
  const { path } = device.profile.pixit.parameters.writableString
  const crowd = await startCrowd(device, CROWD)
  restore(() => crowd.close())
  const ids = await device.until(
    `${CROWD} devices in the database`,
    async () => {
      const known = await genie.devices(crowdQuery, ['_id'])
      return known.length === CROWD ? known.map(({ _id }) => _id) : undefined
    },
    { signal, timeoutMs: 90_000, everyMs: 1000 },
  )

  for (const id of ids) {
    await genie.queue(id, { name: 'setParameterValues', parameterValues: [[path, `for ${id}`]] })
    await genie.queue(id, { name: 'getParameterValues', parameterNames: [path] })
  }

  await device.until(
    'the end of all tasks',
    async () => ((await genie.tasks({ device: { $in: ids } })).length === 0 ? true : undefined),
    { signal, timeoutMs: 120_000, everyMs: 1000 },
  )
  const wrong = (await genie.devices(crowdQuery, [path])).filter(
    (one) => storedValue(one, path) !== `for ${one._id}`,
  )
  if (wrong.length > 0)
    throw new ConformanceFailure('its own value at each device', `another at ${wrong.length} of ${CROWD}`)
  expect(await genie.faults({ device: { $in: ids } }), 'faults').toEqual([])
})
