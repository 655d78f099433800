import { test } from '../../harness/conformance.ts'
import { expectNoFindings, runCampaign } from '../../harness/fuzz/campaign/campaign.ts'
import { openStateful } from '../../harness/fuzz/stateful/stateful.ts'
import { waysBesidesHttp } from './ways-to-call.ts'

/** Scripts as in `stateful.test.ts`, of what goes on between sessions; in a file of their own, so that both are met beside each other. */

/** So fast is the clock of the device: a second of waiting passes in 50 ms. */
const CLOCK_RATE = 20

test('FUZZ-STATE-004 tells its events and goes where its URL leads, through failed sessions, reboots and resets, as a model of it predicts', {
  meta: { id: 'FUZZ-STATE-004' },
  timeout: 0,
}, async ({ atClockRate, fuzzing, signal }) => {
  const { cpe } = await atClockRate(CLOCK_RATE)
  const { language, arena } = await openStateful(cpe, 'stateful-events', signal, {
    kinds: [
      'call',
      'spoil',
      'end',
      'reboot',
      'powerCycle',
      'factoryReset',
      'resetLocally',
      'move',
      'scheduleInform',
      'setLocally',
      'setAttributes',
      'wait',
    ],
  })

  try {
    expectNoFindings(await runCampaign(language, arena, fuzzing.options({ cases: 4 })))
  } finally {
    await arena.close()
  }
})

test('FUZZ-STATE-005 carries out what it is asked to do later, reports it and lists what is left, as a model of it predicts', {
  meta: { id: 'FUZZ-STATE-005' },
  timeout: 0,
}, async ({ atClockRate, fuzzing, signal }) => {
  const { cpe } = await atClockRate(CLOCK_RATE)
  const { language, arena } = await openStateful(cpe, 'stateful-transfers', signal, {
    kinds: [
      'download',
      'upload',
      'cancel',
      'queued',
      'repeatRequest',
      'scheduleInform',
      'spoil',
      'end',
      'reboot',
      'powerCycle',
      'wait',
    ],
  })

  try {
    expectNoFindings(await runCampaign(language, arena, fuzzing.options({ cases: 4 })))
  } finally {
    await arena.close()
  }
})

test('FUZZ-STATE-006 hears connection requests in every way and at any time as a model of it predicts', {
  meta: { id: 'FUZZ-STATE-006' },
  timeout: 0,
}, async ({ atClockRate, fuzzing, signal }) => {
  const { cpe, restore } = await atClockRate(CLOCK_RATE)
  const callers = await waysBesidesHttp({ cpe, restore, signal })
  const { language, arena } = await openStateful(cpe, 'stateful-calls', signal, {
    kinds: ['call', 'spoil', 'end', 'get', 'set', 'scheduleInform', 'setLocally', 'setAttributes', 'wait'],
    callers,
  })

  try {
    expectNoFindings(await runCampaign(language, arena, fuzzing.options({ cases: 4 })))
  } finally {
    await arena.close()
  }
})
