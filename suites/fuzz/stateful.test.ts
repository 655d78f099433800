import { test } from '../../harness/conformance.ts'
import { expectNoFindings, runCampaign } from '../../harness/fuzz/campaign/campaign.ts'
import { openStateful } from '../../harness/fuzz/stateful/stateful.ts'

/**
 * Scripts of what an ACS, a user and the network do, against a model of a CPE. Each wait has a deadline; how long all of them take is up to
 * the budget.
 */

/** So fast is the clock of the device: a second of waiting passes in 50 ms. */
const CLOCK_RATE = 20

test('FUZZ-STATE-001 answers and tells what a model of it predicts, whatever happens to it in whatever order', {
  meta: { id: 'FUZZ-STATE-001' },
  timeout: 0,
}, async ({ atClockRate, fuzzing, signal }) => {
  const { cpe } = await atClockRate(CLOCK_RATE)
  const { language, arena } = await openStateful(cpe, 'stateful', signal)

  try {
    expectNoFindings(await runCampaign(language, arena, fuzzing.options({ cases: 12 })))
  } finally {
    await arena.close()
  }
})

test('FUZZ-STATE-002 keeps values, attributes and the ParameterKey, and tells changes, as a model of it predicts', {
  meta: { id: 'FUZZ-STATE-002' },
  timeout: 0,
}, async ({ atClockRate, fuzzing, signal }) => {
  const { cpe } = await atClockRate(CLOCK_RATE)
  const { language, arena } = await openStateful(cpe, 'stateful-values', signal, {
    kinds: [
      'get',
      'set',
      'getAttributes',
      'setAttributes',
      'setLocally',
      'end',
      'spoil',
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

test('FUZZ-STATE-003 makes, keeps and deletes rows as a model of it predicts', {
  meta: { id: 'FUZZ-STATE-003' },
  timeout: 0,
}, async ({ atClockRate, fuzzing, signal }) => {
  const { cpe } = await atClockRate(CLOCK_RATE)
  const { language, arena } = await openStateful(cpe, 'stateful-rows', signal, {
    kinds: ['add', 'delete', 'getTable', 'get', 'set', 'setAttributes', 'end', 'reboot', 'powerCycle'],
  })

  try {
    expectNoFindings(await runCampaign(language, arena, fuzzing.options({ cases: 4 })))
  } finally {
    await arena.close()
  }
})
