import { ConformanceFailure, describeFault, test } from '../../harness/conformance.ts'
import { isFault } from '../../harness/cwmp/cwmp.ts'
import { keepAttributes, notification, notificationOf, setAttributes } from './attributes.ts'

test('RPC-SPA-029 takes the last of several entries for one parameter, or refuses them all', {
  meta: { id: 'RPC-SPA-029' },
}, async ({ cpe, session, restore, pixit }) => {
  const { path } = pixit.parameters.writableUnsignedInt
  await keepAttributes({ cpe, session, restore }, path)
  const before = await notificationOf(session, path)
  const [first, last] = before === 0 ? [1, 2] : before === 1 ? [0, 2] : [0, 1]

  const answer = await setAttributes(session, notification(path, first), notification(path, last))

  const now = await notificationOf(session, path)
  const expected = isFault(answer) ? before : last
  const outcome = isFault(answer) ? describeFault(answer) : 'SetParameterAttributesResponse'
  if (now !== expected)
    throw new ConformanceFailure(`Notification ${expected} after ${outcome}`, `Notification ${now}`)
})

test('RPC-SPA-030 sets a parameter by its own entry also where a partial path before it covers it', {
  meta: { id: 'RPC-SPA-030' },
}, async ({ cpe, session, restore, pixit }) => {
  const { path } = pixit.parameters.writableUnsignedInt
  const object = path.slice(0, path.lastIndexOf('.') + 1)
  await keepAttributes({ cpe, session, restore }, object)
  const before = await notificationOf(session, path)
  const [covering, own] = before === 1 ? [1, 0] : [0, 1]

  const answer = await setAttributes(session, notification(object, covering), notification(path, own))

  const now = await notificationOf(session, path)
  const expected = isFault(answer) ? before : own
  const outcome = isFault(answer) ? describeFault(answer) : 'SetParameterAttributesResponse'
  if (now !== expected)
    throw new ConformanceFailure(`Notification ${expected} after ${outcome}`, `Notification ${now}`)
})
