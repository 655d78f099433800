import { badValue, isAllowed, type Rule } from '../../harness/datamodel/datamodel.ts'
import { powerCycle } from '../rpc/restart.ts'
import type { Bench } from '../rpc/values.ts'
import { readingOtherwise } from './compare.ts'
import { conclude, note } from './findings.ts'
import { type Probe, tryRefused } from './refusals.ts'
import { type KnownSubject, knownIn, survey, test } from './survey.ts'
import { settable } from './untouched.ts'
import { otherValues, writeAll } from './writing.ts'

/** A value for each parameter that breaks one rule of its syntax. */
function probes(subjects: readonly KnownSubject[], rule: Rule): Probe[] {
  return subjects.flatMap((subject) => {
    const value = badValue(subject.model.syntax, rule)
    return value === undefined ? [] : [{ subject, value }]
  })
}

test('DM-WRITE-001 refuses to set any parameter that is not writable, with 9008', {
  meta: { id: 'DM-WRITE-001' },
}, async ({ cpe, session, restore, root, task }) => {
  const { parameters } = await survey(session, root)
  // With the value that it has: a device that takes it is none the worse.
  const readOnly = parameters
    .filter(({ writable }) => !writable)
    .map((subject) => ({ subject, value: subject.value }))

  const findings = await tryRefused({ cpe, session, restore }, readOnly, [9008])

  conclude(task, 'fault 9008 for each', { of: 'parameters that are not writable', ...findings })
})

test('DM-WRITE-002 takes back the value that each writable parameter has', {
  meta: { id: 'DM-WRITE-002' },
}, async ({ cpe, session, restore, root, model, task }) => {
  const subjects = settable(knownIn(await survey(session, root), model), cpe.profile)

  // A device need not take what is no value: nothing at all, or what the model does not allow.
  const allowed = subjects.filter(({ value, model: { syntax } }) => value !== '' && isAllowed(syntax, value))
  const present = allowed.map((subject) => ({ subject, value: subject.value }))
  const { refused } = await writeAll({ cpe, session, restore }, present)

  conclude(task, 'its own value to be taken', {
    of: 'writable parameters',
    examined: present.length,
    wrong: refused,
  })
})

// A device may have reasons of its own that the model does not know.
test('DM-WRITE-003 takes another value that the model allows for each writable parameter', {
  meta: { id: 'DM-WRITE-003' },
}, async ({ cpe, session, restore, root, model, task }) => {
  const wanted = otherValues(settable(knownIn(await survey(session, root), model), cpe.profile))

  const { refused } = await writeAll({ cpe, session, restore }, wanted)

  conclude(task, 'the other value to be taken', {
    of: 'writable parameters',
    examined: wanted.length,
    wrong: refused,
  })
})

test('DM-WRITE-004 reads back every value that it took', {
  meta: { id: 'DM-WRITE-004' },
}, async ({ cpe, session, restore, root, model, task }) => {
  const wanted = otherValues(settable(knownIn(await survey(session, root), model), cpe.profile))

  const outcome = await writeAll({ cpe, session, restore }, wanted)

  const wrong = await readingOtherwise(outcome.session, root, outcome.written)
  const findings = { of: 'parameters that were set', examined: outcome.written.length, wrong }
  conclude(task, 'the values that were set', findings, outcome.session)
})

test('DM-PERSIST-001 keeps the value of each writable parameter when the power fails', {
  meta: { id: 'DM-PERSIST-001' },
}, async ({ cpe, session, restore, root, model, task }) => {
  const wanted = otherValues(settable(knownIn(await survey(session, root), model), cpe.profile))
  const outcome = await writeAll({ cpe, session, restore }, wanted)
  if (outcome.refused.length > 0) note(task, `${outcome.refused.length} parameters took no other value`)

  const later = await powerCycle(cpe, outcome.session)

  const wrong = await readingOtherwise(later, root, outcome.written)
  conclude(task, 'the values from before', {
    of: 'parameters that were set',
    examined: outcome.written.length,
    wrong,
  })
})

/** Tries what breaks a rule on each parameter that may be written. */
async function refusalOf(
  rule: Rule,
  bench: Bench,
  known: readonly KnownSubject[],
  codes: readonly number[],
): Promise<{ examined: number; wrong: string[] }> {
  return tryRefused(bench, probes(settable(known, bench.cpe.profile), rule), codes)
}

test('DM-TYPE-003 refuses what is no value of the type of a parameter, with 9006 or 9007', {
  meta: { id: 'DM-TYPE-003' },
}, async ({ cpe, session, restore, root, model, task }) => {
  const known = knownIn(await survey(session, root), model)

  const findings = await refusalOf('form', { cpe, session, restore }, known, [9006, 9007])

  conclude(task, 'fault 9006 or 9007 for each', {
    of: 'writable parameters that are no strings',
    ...findings,
  })
})

test('DM-BOUND-001 refuses numbers outside of the range of a parameter, with 9007', {
  meta: { id: 'DM-BOUND-001' },
}, async ({ cpe, session, restore, root, model, task }) => {
  const known = knownIn(await survey(session, root), model)

  const findings = await refusalOf('range', { cpe, session, restore }, known, [9007])

  conclude(task, 'fault 9007 for each', { of: 'writable parameters with a range', ...findings })
})

test('DM-BOUND-002 refuses texts that are too long or too short for a parameter, with 9007', {
  meta: { id: 'DM-BOUND-002' },
}, async ({ cpe, session, restore, root, model, task }) => {
  const known = knownIn(await survey(session, root), model)

  const findings = await refusalOf('size', { cpe, session, restore }, known, [9007])

  conclude(task, 'fault 9007 for each', { of: 'writable parameters with a length', ...findings })
})

test('DM-BOUND-003 refuses values outside of the enumeration of a parameter, with 9007', {
  meta: { id: 'DM-BOUND-003' },
}, async ({ cpe, session, restore, root, model, task }) => {
  const known = knownIn(await survey(session, root), model)

  const findings = await refusalOf('enumeration', { cpe, session, restore }, known, [9007])

  conclude(task, 'fault 9007 for each', { of: 'writable parameters with an enumeration', ...findings })
})

test('DM-BOUND-004 refuses texts that do not match the pattern of a parameter, with 9007', {
  meta: { id: 'DM-BOUND-004' },
}, async ({ cpe, session, restore, root, model, task }) => {
  const known = knownIn(await survey(session, root), model)

  const findings = await refusalOf('pattern', { cpe, session, restore }, known, [9007])

  conclude(task, 'fault 9007 for each', { of: 'writable parameters with a pattern', ...findings })
})

test('DM-BOUND-005 refuses lists with too many items, with 9007', {
  meta: { id: 'DM-BOUND-005' },
}, async ({ cpe, session, restore, root, model, task }) => {
  const known = knownIn(await survey(session, root), model)

  const findings = await refusalOf('items', { cpe, session, restore }, known, [9007])

  conclude(task, 'fault 9007 for each', { of: 'writable lists with a bound', ...findings })
})

test('DM-BOUND-006 refuses strong references to what does not exist, with 9007', {
  meta: { id: 'DM-BOUND-006' },
}, async ({ cpe, session, restore, root, model, task }) => {
  const known = knownIn(await survey(session, root), model)
  const referring = settable(known, cpe.profile).filter(
    ({ model: { syntax } }) => syntax.pathRef?.refType === 'strong',
  )
  const dangling = referring.map((subject) => ({ subject, value: `${root}NoSuchObjectHere.987654321` }))

  const findings = await tryRefused({ cpe, session, restore }, dangling, [9007])

  conclude(task, 'fault 9007 for each', { of: 'writable strong references', ...findings })
})

test('DM-BOUND-007 refuses what the other parameter does not list, with 9007', {
  meta: { id: 'DM-BOUND-007' },
}, async ({ cpe, session, restore, root, model, task }) => {
  const known = knownIn(await survey(session, root), model)
  const referring = settable(known, cpe.profile).filter(({ model: { syntax } }) => syntax.enumerationRef)

  const unlisted = referring.map((subject) => ({ subject, value: 'NoSuchValueHere' }))
  const findings = await tryRefused({ cpe, session, restore }, unlisted, [9007])

  conclude(task, 'fault 9007 for each', {
    of: 'writable parameters whose values another one lists',
    ...findings,
  })
})

test('DM-BOUND-008 refuses values that only the device itself sets, with 9007', {
  meta: { id: 'DM-BOUND-008' },
}, async ({ cpe, session, restore, root, model, task }) => {
  const known = knownIn(await survey(session, root), model).filter(
    ({ writable, model: { command } }) => writable && !command,
  )
  const reserved = known.flatMap((subject) => {
    const own = subject.model.syntax.enumeration.find(
      ({ value, access }) => access === 'readOnly' && value !== subject.value,
    )
    return own ? [{ subject, value: own.value }] : []
  })

  const findings = await tryRefused({ cpe, session, restore }, reserved, [9007])

  conclude(task, 'fault 9007 for each', { of: 'parameters with values for the device alone', ...findings })
})
