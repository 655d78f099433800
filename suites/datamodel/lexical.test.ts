import type { AcsSession } from '../../harness/acs/acs.ts'
import { granted, Untestable } from '../../harness/conformance.ts'
import { isFault } from '../../harness/cwmp/cwmp.ts'
import { violation } from '../../harness/datamodel/datamodel.ts'
import type { Profile } from '../../harness/dut/dut.ts'
import {
  aDateTime,
  anUnsignedInt,
  assertReads,
  type Bench,
  keepValues,
  setValues,
  valueAt,
  whereInForce,
} from '../rpc/values.ts'
import { isSame } from './compare.ts'
import { conclude } from './findings.ts'
import { eachNewRow } from './new-rows.ts'
import { type Probe, tryRefused } from './refusals.ts'
import { type KnownSubject, knownIn, survey, test } from './survey.ts'
import { settable } from './untouched.ts'
import { writeAll } from './writing.ts'

/** What a single parameter of the profile makes of texts that are no values of its type. */
async function refusesEach(bench: Bench, path: string, type: string, texts: readonly string[]) {
  await keepValues(bench, path)
  const value = await valueAt(bench.session, path)
  const probes = texts.map(
    (text): Probe => ({ subject: { name: path, writable: true, value, type }, value: text }),
  )
  const wrong: string[] = []
  for (const probe of probes) wrong.push(...(await tryRefused(bench, [probe], [9006, 9007])).wrong)
  return { of: 'texts', examined: probes.length, wrong }
}

function dateTimeOf({ parameters }: Profile['pixit']): string {
  if (!parameters.writableDateTime)
    throw new Untestable('the profile names no dateTime parameter that can be set')
  return parameters.writableDateTime.path
}

/** Sets a time in one form and holds what is read against the same moment. */
async function takesTime(bench: Bench, path: string, text: string): Promise<void> {
  await keepValues(bench, path)
  const time = aDateTime(path, text)

  const set = granted(await setValues(bench.session, [time]), `${path} = ${text} to be taken`)

  await assertReads(await whereInForce(bench, set), [time])
}

test('DM-LEX-001 takes a time with an offset for the moment that it means', {
  meta: { id: 'DM-LEX-001' },
}, async ({ cpe, session, restore, pixit }) => {
  await takesTime({ cpe, session, restore }, dateTimeOf(pixit), '2030-01-02T05:04:05+02:00')
})

test('DM-LEX-002 takes a time with a fraction of a second', {
  meta: { id: 'DM-LEX-002' },
}, async ({ cpe, session, restore, pixit }) => {
  const path = dateTimeOf(pixit)
  await keepValues({ cpe, session, restore }, path)

  const set = await setValues(session, [aDateTime(path, '2030-01-02T03:04:05.25Z')])

  granted(set, 'a time with a fraction to be taken')
})

test('DM-LEX-003 takes the Unknown Time', {
  meta: { id: 'DM-LEX-003' },
}, async ({ cpe, session, restore, pixit }) => {
  await takesTime({ cpe, session, restore }, dateTimeOf(pixit), '0001-01-01T00:00:00Z')
})

test('DM-LEX-004 refuses what is no time, with 9006 or 9007', {
  meta: { id: 'DM-LEX-004' },
}, async ({ cpe, session, restore, pixit, task }) => {
  const texts = [
    '2030-13-01T00:00:00Z',
    '2030-02-30T00:00:00Z',
    '2030-01-02',
    '2030-01-02T25:00:00Z',
    '1893456000',
  ]

  const findings = await refusesEach({ cpe, session, restore }, dateTimeOf(pixit), 'xsd:dateTime', texts)

  conclude(task, 'fault 9006 or 9007 for each', findings)
})

test('DM-LEX-005 refuses what is no unsignedInt, with 9006 or 9007', {
  meta: { id: 'DM-LEX-005' },
}, async ({ cpe, session, restore, pixit, task }) => {
  const { path } = pixit.parameters.writableUnsignedInt
  const texts = ['-1', '4294967296', '99999999999999999999', '3600.5', '0x0E10', '3600s', '1e4', '']

  const findings = await refusesEach({ cpe, session, restore }, path, 'xsd:unsignedInt', texts)

  conclude(task, 'fault 9006 or 9007 for each', findings)
})

test('DM-LEX-006 refuses what is no int, with 9006 or 9007', {
  meta: { id: 'DM-LEX-006' },
}, async ({ cpe, session, restore, pixit, task }) => {
  if (!pixit.parameters.writableInt)
    throw new Untestable('the profile names no int parameter that can be set')
  const texts = ['2147483648', '-2147483649', '1.0', '--1', 'ten', '']

  const findings = await refusesEach(
    { cpe, session, restore },
    pixit.parameters.writableInt.path,
    'xsd:int',
    texts,
  )

  conclude(task, 'fault 9006 or 9007 for each', findings)
})

test('DM-LEX-007 takes zeros in front of a number for nothing', {
  meta: { id: 'DM-LEX-007' },
}, async ({ cpe, session, restore, pixit }) => {
  const { path, values } = pixit.parameters.writableUnsignedInt
  await keepValues({ cpe, session, restore }, path)
  const number = anUnsignedInt(path, values[1].padStart(10, '0'))

  const set = granted(await setValues(session, [number]), `${path} = ${number.Value} to be taken`)

  await assertReads(await whereInForce({ cpe, session }, set), [number])
})

/** Writable parameters of one data type of the model. */
async function ofType(
  session: AcsSession,
  root: string,
  model: Parameters<typeof knownIn>[1],
  profile: Profile,
  type: RegExp,
) {
  const known = knownIn(await survey(session, root), model)
  return settable(known, profile).filter(({ model: { syntax } }) => type.test(syntax.typeName ?? syntax.base))
}

/** Tries each text on each of the parameters. */
async function refusesOnEach(bench: Bench, subjects: readonly KnownSubject[], texts: readonly string[]) {
  const findings = { of: 'texts', examined: 0, wrong: [] as string[] }
  for (const value of texts) {
    const probes = subjects.map((subject) => ({ subject, value }))
    const { examined, wrong } = await tryRefused(bench, probes, [9006, 9007])
    findings.examined += examined
    findings.wrong.push(...wrong)
  }
  return findings
}

test('DM-LEX-008 refuses what is no IPv4 address, with 9007', {
  meta: { id: 'DM-LEX-008' },
}, async ({ cpe, session, restore, root, model, task }) => {
  const addresses = await ofType(session, root, model, cpe.profile, /^IPv4Address$/)
  const texts = ['192.0.2.256', '192.0.2', '192.0.2.1.1', '192.0.2.1/24', 'host.example', '3221225985', '::1']

  const findings = await refusesOnEach({ cpe, session, restore }, addresses, texts)

  conclude(task, 'fault 9007 for each', { ...findings, of: 'texts on writable IPv4 addresses' })
})

test('DM-LEX-009 refuses what is no MAC address, with 9007', {
  meta: { id: 'DM-LEX-009' },
}, async ({ cpe, session, restore, root, model, task }) => {
  const addresses = await ofType(session, root, model, cpe.profile, /^MACAddress$/)
  const texts = [
    '02-00-5E-00-53-01',
    '02:00:5E:00:53',
    '02:00:5E:00:53:0G',
    '02005E005301',
    '02:00:5E:00:53:01:02',
  ]

  const findings = await refusesOnEach({ cpe, session, restore }, addresses, texts)

  conclude(task, 'fault 9007 for each', { ...findings, of: 'texts on writable MAC addresses' })
})

test('DM-LEX-010 refuses what is no hexBinary, with 9006 or 9007', {
  meta: { id: 'DM-LEX-010' },
}, async ({ cpe, session, restore, root, model, task }) => {
  const octets = await ofType(session, root, model, cpe.profile, /^hexBinary$/)

  const findings = await refusesOnEach({ cpe, session, restore }, octets, [
    'C0FFE',
    'C0FFEG',
    '0xC0FF',
    'C0 FF EE',
  ])

  conclude(task, 'fault 9006 or 9007 for each', { ...findings, of: 'texts on writable hexBinary parameters' })
})

test('DM-LEX-011 takes hexBinary in small letters for the same octets', {
  meta: { id: 'DM-LEX-011' },
}, async ({ cpe, session, restore, root, model, task }) => {
  const octets = (await ofType(session, root, model, cpe.profile, /^hexBinary$/)).filter(
    ({ model: { syntax } }) => violation(syntax, 'C0FF', 'size') === undefined,
  )

  const outcome = await writeAll(
    { cpe, session, restore },
    octets.map((subject) => ({ subject, value: 'c0ff' })),
  )

  const now = new Map(
    (await survey(outcome.session, root)).parameters.map(({ name, value }) => [name, value]),
  )
  const wrong = octets
    .filter(({ name }) => !isSame('xsd:hexBinary', now.get(name) ?? '', 'C0FF'))
    .map(({ name }) => name)
  const findings = { of: 'writable hexBinary parameters', examined: octets.length, wrong }
  conclude(task, 'the octets C0 FF', findings, outcome.session)
})

test('DM-LEX-012 keeps numbers of 64 bits to the last digit', {
  meta: { id: 'DM-LEX-012' },
}, async ({ cpe, session, restore, root, model, task }) => {
  const wrong: string[] = []
  let examined = 0
  // The first whole number that a floating-point number of 64 bits cannot hold.
  const value = '9007199254740993'

  await eachNewRow({ cpe, session, restore }, root, model, async (row, subjects) => {
    for (const {
      name,
      type,
      writable,
      model: { syntax },
    } of subjects) {
      const hasRoom = syntax.ranges.every(({ max }) => max === undefined || max > BigInt(value))
      if (!writable || !/^(long|unsignedLong)$/.test(syntax.base) || !hasRoom) continue
      // A device may have reasons against so large a number; one that it takes it has to keep.
      const answer = await setValues(row.session, [{ Name: name, Value: value, type }])
      if (isFault(answer)) continue
      examined += 1
      row.session = await whereInForce({ cpe, session: row.session }, answer)
      const read = await valueAt(row.session, name)
      if (read !== value) wrong.push(`${name} = ${read}`)
    }
  })

  conclude(task, `${value} to be read`, { of: 'numbers of 64 bits in new rows', examined, wrong })
})

test('DM-LEX-013 puts white space around the commas of a list aside', {
  meta: { id: 'DM-LEX-013' },
}, async ({ cpe, session, restore, root, model, task }) => {
  const known = knownIn(await survey(session, root), model)
  const lists = settable(known, cpe.profile).filter(
    ({ model: { syntax } }) =>
      syntax.list && syntax.list.maxItems > 1 && /^IPv4Address$/.test(syntax.typeName ?? ''),
  )

  const spaced = lists.map((subject) => ({ subject, value: '192.0.2.1, 192.0.2.2' }))
  const outcome = await writeAll({ cpe, session, restore }, spaced)

  const now = new Map(
    (await survey(outcome.session, root)).parameters.map(({ name, value }) => [name, value]),
  )
  const wrong = lists
    .filter(({ name }) => now.get(name)?.replace(/\s*,\s*/g, ',') !== '192.0.2.1,192.0.2.2')
    .map(({ name }) => `${name} = ${now.get(name)}`)
  const findings = { of: 'writable lists of addresses', examined: lists.length, wrong }
  conclude(task, 'both addresses', findings, outcome.session)
})
