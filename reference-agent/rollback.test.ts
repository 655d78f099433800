/** Nothing that the store refuses at the end of a common step has an effect: neither on the data model nor on the events. */
import { expect, test } from 'vitest'
import { device2, ParameterTree } from './datamodel/datamodel.ts'
import { EventQueue } from './session/session.ts'
import { MemoryStore } from './state/memory-store.ts'

const USERS = 'Device.Users.User.'
const CODE = 'Device.DeviceInfo.ProvisioningCode'

function booted() {
  const store = new MemoryStore()
  return { store, tree: new ParameterTree(device2, store), queue: new EventQueue(store) }
}

function shown({ tree, queue }: ReturnType<typeof booted>) {
  return {
    values: tree.getParameters(''),
    names: tree.names('', false),
    rows: tree.rows(USERS),
    changes: tree.pendingChanges(),
    events: queue.codes,
  }
}

test('a common step that fails leaves data model and events as they were, now and after a reboot', () => {
  const device = booted()
  const { store, tree, queue } = device
  const kept = tree.addRowLocally(USERS, { Username: 'kept' })
  tree.addRowLocally(USERS, { Username: 'last' })
  tree.setLocally(CODE, 'before')
  queue.add('2 PERIODIC')
  queue.begin()
  const before = shown(device)
  store.failure = new Error('no space left on device')

  const work = () =>
    store.together(() => {
      tree.setLocally(CODE, 'after')
      tree.acknowledgeChanges(tree.pendingChanges())
      tree.addRowLocally(USERS, { Username: 'new' })
      tree.deleteRowLocally(`${USERS}${kept}.`)
      queue.delivered()
      queue.add('M Reboot', 'key')
    })

  expect(work).toThrow('no space left')
  expect(shown(device)).toEqual(before)

  store.failure = undefined
  tree.setLocally(CODE, 'later')
  const rebooted = { store, tree: new ParameterTree(device2, store), queue: new EventQueue(store) }
  expect(rebooted.tree.rows(USERS)).toEqual(before.rows)
  expect(rebooted.queue.codes).toEqual(['2 PERIODIC'])
})

test('a factory reset of the data model that the store refuses did not happen', () => {
  const { store, tree } = booted()
  tree.setLocally(CODE, 'before')
  const row = tree.addRowLocally(USERS, { Username: 'kept' })
  store.failure = new Error('no space left on device')

  expect(() => store.together(() => tree.factoryReset())).toThrow('no space left')

  expect(tree.get(CODE)?.value).toBe('before')
  expect(tree.rows(USERS)).toContain(`${USERS}${row}.`)
})

test('an event without anything durable waits also where the store takes nothing', () => {
  const { store, queue } = booted()
  store.commit = () => {
    throw new Error('no space left on device')
  }

  expect(() => queue.add('M Reboot', 'key')).toThrow('no space left')
  queue.addAnyhow('2 PERIODIC')
  queue.addAnyhow('2 PERIODIC')
  queue.begin()
  queue.failed()

  expect(queue.codes).toEqual(['2 PERIODIC'])
})
