import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { ModelArena, Saying } from '../campaign/made-up.ts'
import { type Vitals, vitals, Watch } from './vitals.ts'

const one = new Saying('echo', 1)
const { signal } = new AbortController()

/** A device that has so much each time that somebody looks; the last stays. */
function watch(...looks: Partial<Vitals>[]): Watch<Saying> {
  const look = () => ({ memory: 0, descriptors: 0, ...(looks.length > 1 ? looks.shift() : looks[0]) })
  return new Watch(new ModelArena(), look, 200)
}

test('a device that grows within bounds is as good as its answers', async () => {
  const outcome = await watch({ memory: 60 }, { memory: 300 }).meet(one, signal)

  expect(outcome).toEqual({ answer: 'echo' })
})

test('memory that is never given back is a finding', async () => {
  const { wrong } = await watch({ memory: 60 }, { memory: 320 }).meet(one, signal)

  expect(wrong).toMatchObject({
    kind: 'resources',
    level: 'SHOULD',
    actual: expect.stringContaining('256 MiB'),
  })
})

test('descriptors that are closed after a while are none', async () => {
  const closing = watch({ descriptors: 20 }, { descriptors: 500 }, { descriptors: 20 })
  const leaking = watch({ descriptors: 20 }, { descriptors: 500 })

  expect((await closing.meet(one, signal)).wrong).toBeUndefined()
  expect((await leaking.meet(one, signal)).wrong?.actual).toContain('open files')
})

test('growth counts from the last start', async () => {
  const restarted = watch({ memory: 0 }, { memory: 300 })
  await restarted.restart(signal)

  expect((await restarted.meet(one, signal)).wrong).toBeUndefined()
})

test('a device on this machine holds something, and one that is not there nothing', async () => {
  const before = vitals()
  const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60_000)'])
  await once(child, 'spawn')

  const now = vitals()

  child.kill('SIGKILL')
  expect(now?.memory ?? 0).toBeGreaterThan(before?.memory ?? 0)
  expect(now?.descriptors ?? 0).toBeGreaterThan(before?.descriptors ?? 0)
})
