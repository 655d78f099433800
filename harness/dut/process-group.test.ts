import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { isGroupRunning, ProcessGroup } from './process-group.ts'

const none = () => {}

/** Starts a shell script that prints `ready` when it has come so far. */
async function startScript(script: string): Promise<ProcessGroup> {
  const { promise: ready, resolve } = Promise.withResolvers<void>()
  const group = await ProcessGroup.start(['/bin/sh', '-c', script], {
    log: (line) => line === 'ready' && resolve(),
  })
  await ready
  return group
}

test('ends a process and its children with SIGTERM', async () => {
  const group = await startScript('sleep 1000 & echo ready; wait')

  await group.stop()

  expect(await group.ended).toEqual({ code: null, signal: 'SIGTERM' })
  expect(await isGroupRunning(group.pid)).toBe(false)
})

test('ends with SIGKILL what does not obey SIGTERM', async () => {
  const group = await startScript('trap "" TERM; echo ready; while :; do sleep 1000; done')

  await group.stop({ termMs: 50 })

  expect(await group.ended).toEqual({ code: null, signal: 'SIGKILL' })
  expect(await isGroupRunning(group.pid)).toBe(false)
})

test('cuts the power at once', async () => {
  const group = await startScript('trap "" TERM; sleep 1000 & echo ready; wait')

  await group.kill()

  expect(await group.ended).toEqual({ code: null, signal: 'SIGKILL' })
  expect(await isGroupRunning(group.pid)).toBe(false)
})

test('sees and ends children that outlive their parent', async () => {
  const group = await startScript('sleep 1000 </dev/null >/dev/null 2>&1 & echo ready')
  await group.ended

  expect(await group.isRunning()).toBe(true)
  await group.stop()

  expect(await isGroupRunning(group.pid)).toBe(false)
})

test('keeps the last line of stderr for whoever asks why it ended', async () => {
  const group = await ProcessGroup.start(['/bin/sh', '-c', 'echo one >&2; echo two >&2; exit 7'], {
    log: none,
  })

  expect(await group.drained).toEqual({ code: 7, signal: null })
  expect(group.lastLine).toBe('two')
  await group.stop()
})

test('says that a program cannot be started', async () => {
  await expect(ProcessGroup.start(['/nowhere/agent'], { log: none })).rejects.toThrow(
    'cannot start /nowhere/agent: spawn /nowhere/agent ENOENT',
  )
})

test('leaves nothing behind when the harness itself is killed', async () => {
  const harness = spawn(
    process.execPath,
    [
      '--input-type=module',
      '-e',
      `import { ProcessGroup } from ${JSON.stringify(new URL('./process-group.ts', import.meta.url).href)}
      const group = await ProcessGroup.start(['/bin/sh', '-c', 'echo ready; exec sleep 1000'], {
        log: () => console.log(group.pid),
      })`,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const [pid] = await once(harness.stdout, 'data')

  harness.kill('SIGKILL')

  const deadline = performance.now() + 5000
  while ((await isGroupRunning(Number(pid))) && performance.now() < deadline) await sleep(10)
  expect(await isGroupRunning(Number(pid))).toBe(false)
})
