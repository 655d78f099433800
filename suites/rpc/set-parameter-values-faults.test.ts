import { expect, granted, refused, test, Untestable } from '../../harness/conformance.ts'
import { inAnotherCase, noSuchParameter, noSuchRow } from './parameter-names.ts'
import { readOne } from './parameter-tree.ts'
import { writableTable } from './rows.ts'
import {
  aBoolean,
  anUnsignedInt,
  aString,
  assertReads,
  keepValues,
  otherThan,
  refusedAnyhow,
  refusedFor,
  setValues,
  valueAt,
  whereInForce,
} from './values.ts'

test('RPC-SPV-020 refuses an unknown parameter with 9005 inside 9003', {
  meta: { id: 'RPC-SPV-020' },
}, async ({ session, root }) => {
  const path = noSuchParameter(`${root}DeviceInfo.`)

  const answer = await setValues(session, [aString(path, 'x')])

  refusedFor(answer, { [path]: 9005 })
})

test('RPC-SPV-021 refuses a value of another type with 9006 inside 9003', {
  meta: { id: 'RPC-SPV-021' },
}, async ({ cpe, session, restore, pixit }) => {
  const { path } = pixit.parameters.writableUnsignedInt
  await keepValues({ cpe, session, restore }, path)

  const answer = await setValues(session, [aBoolean(path, 'true')])

  refusedFor(answer, { [path]: 9006 })
})

// Whether text that is no number is of the wrong type or a wrong value is a matter of view.
test('RPC-SPV-022 refuses what is no unsignedInt with 9006 or 9007 inside 9003', {
  meta: { id: 'RPC-SPV-022' },
}, async ({ cpe, session, restore, pixit }) => {
  const { path, tooLarge } = pixit.parameters.writableUnsignedInt
  await keepValues({ cpe, session, restore }, path)

  for (const value of ['', 'many', '-1', '1.5', '0x10', tooLarge]) {
    const answer = await setValues(session, [anUnsignedInt(path, value)])
    refusedFor(answer, { [path]: [9006, 9007] }, `"${value}"`)
  }
})

test('RPC-SPV-023 refuses a fitting value under a wrong xsi:type with 9006 inside 9003', {
  meta: { id: 'RPC-SPV-023' },
}, async ({ cpe, session, restore, pixit }) => {
  const { path, values } = pixit.parameters.writableUnsignedInt
  await keepValues({ cpe, session, restore }, path)

  const answer = await setValues(session, [aString(path, values[0])])

  refusedFor(answer, { [path]: 9006 })
})

test('RPC-SPV-024 refuses a value out of bounds with 9007 inside 9003', {
  meta: { id: 'RPC-SPV-024' },
}, async ({ cpe, session, restore, pixit }) => {
  const { path, bad } = pixit.parameters.bounded
  const before = await keepValues({ cpe, session, restore }, path)
  const type = before.get(path)?.type ?? 'xsd:string'

  const answer = await setValues(session, [{ Name: path, Value: bad, type }])

  refusedFor(answer, { [path]: 9007 })
})

test('RPC-SPV-025 refuses a value outside of an enumeration with 9007 inside 9003', {
  meta: { id: 'RPC-SPV-025' },
}, async ({ cpe, session, restore, pixit }) => {
  const { enumerated } = pixit.parameters
  if (!enumerated) throw new Untestable('the profile names no enumerated parameter')
  await keepValues({ cpe, session, restore }, enumerated.path)

  const answer = await setValues(session, [aString(enumerated.path, enumerated.bad)])

  refusedFor(answer, { [enumerated.path]: 9007 })
})

// ProvisioningCode is in every Baseline profile and holds at most 64 characters.
test('RPC-SPV-026 refuses a string that is too long with 9007 inside 9003', {
  meta: { id: 'RPC-SPV-026' },
}, async ({ cpe, session, restore, root }) => {
  const path = `${root}DeviceInfo.ProvisioningCode`
  await keepValues({ cpe, session, restore }, path)

  const answer = await setValues(session, [aString(path, 'x'.repeat(65))])

  refusedFor(answer, { [path]: 9007 })
})

test('RPC-SPV-027 refuses a read-only parameter with 9008 inside 9003', {
  meta: { id: 'RPC-SPV-027' },
}, async ({ session, pixit }) => {
  const { path } = pixit.parameters.readOnly
  const { Value, type } = await readOne(session, path)
  const asItIs = { Name: path, Value, type: type || 'xsd:string' }

  const answer = await setValues(session, [asItIs])

  refusedFor(answer, { [path]: 9008 })
})

test('RPC-SPV-028 names every parameter in error with its own code, and no other', {
  meta: { id: 'RPC-SPV-028' },
}, async ({ cpe, session, restore, pixit, root }) => {
  const { writableString, writableBoolean, writableUnsignedInt, readOnly } = pixit.parameters
  const unknown = noSuchParameter(`${root}DeviceInfo.`)
  const { Value, type } = await readOne(session, readOnly.path)
  await keepValues({ cpe, session, restore }, writableString.path, writableUnsignedInt.path)

  const answer = await setValues(session, [
    aString(writableString.path, writableString.values[0]),
    aString(unknown, 'x'),
    aBoolean(writableBoolean.path, 'neither'),
    aBoolean(writableUnsignedInt.path, 'true'),
    { Name: readOnly.path, Value, type: type || 'xsd:string' },
  ])

  refusedFor(answer, {
    [unknown]: 9005,
    [writableBoolean.path]: [9006, 9007],
    [writableUnsignedInt.path]: 9006,
    [readOnly.path]: 9008,
  })
})

test('RPC-SPV-029 sets nothing when the last parameter is in error', {
  meta: { id: 'RPC-SPV-029' },
}, async ({ cpe, session, restore, pixit }) => {
  const { writableString, bounded } = pixit.parameters
  const before = await keepValues({ cpe, session, restore }, writableString.path, bounded.path)
  const present = [...before.values()]
  const good = aString(writableString.path, otherThan(present[0]?.Value ?? '', writableString.values))
  const bad = { Name: bounded.path, Value: bounded.bad, type: before.get(bounded.path)?.type ?? '' }

  refusedAnyhow(await setValues(session, [good, bad]))

  await assertReads(session, present)
})

test('RPC-SPV-030 sets nothing when the first parameter is in error', {
  meta: { id: 'RPC-SPV-030' },
}, async ({ cpe, session, restore, pixit, root }) => {
  const { writableString } = pixit.parameters
  const present = [...(await keepValues({ cpe, session, restore }, writableString.path)).values()]
  const good = aString(writableString.path, otherThan(present[0]?.Value ?? '', writableString.values))
  const bad = aString(noSuchParameter(`${root}DeviceInfo.`), 'x')

  refusedAnyhow(await setValues(session, [bad, good]))

  await assertReads(session, present)
})

test('RPC-SPV-031 keeps the ParameterKey when it refuses a request', {
  meta: { id: 'RPC-SPV-031' },
}, async ({ session, root }) => {
  const present = await valueAt(session, `${root}ManagementServer.ParameterKey`)
  const key = otherThan(present, ['refused one', 'refused two'])

  refusedAnyhow(await setValues(session, [aString(noSuchParameter(`${root}DeviceInfo.`), 'x')], key))

  expect(await valueAt(session, `${root}ManagementServer.ParameterKey`), 'ParameterKey').toBe(present)
})

test('RPC-SPV-032 refuses a ParameterKey of 33 characters with 9003', {
  meta: { id: 'RPC-SPV-032' },
}, async ({ cpe, session, restore, pixit }) => {
  const { path, values } = pixit.parameters.writableString
  await keepValues({ cpe, session, restore }, path)

  const answer = await setValues(session, [aString(path, values[0])], 'k'.repeat(33))

  refused(answer, 9003)
})

test('RPC-SPV-033 sets nothing when it refuses the ParameterKey', {
  meta: { id: 'RPC-SPV-033' },
}, async ({ cpe, session, restore, pixit }) => {
  const { path, values } = pixit.parameters.writableString
  const present = [...(await keepValues({ cpe, session, restore }, path)).values()]
  const another = otherThan(present[0]?.Value ?? '', values)

  refusedAnyhow(await setValues(session, [aString(path, another)], 'k'.repeat(33)))

  await assertReads(session, present)
})

test('RPC-SPV-034 refuses a request that names a parameter twice with 9003', {
  meta: { id: 'RPC-SPV-034' },
}, async ({ cpe, session, restore, pixit }) => {
  const { path, values } = pixit.parameters.writableString
  await keepValues({ cpe, session, restore }, path)

  const answer = await setValues(session, [aString(path, values[0]), aString(path, values[1])])

  refused(answer, 9003)
})

test('RPC-SPV-035 leaves every parameter as it is when one is named twice', {
  meta: { id: 'RPC-SPV-035' },
}, async ({ cpe, session, restore, pixit }) => {
  const { writableString, writableBoolean } = pixit.parameters
  const { path, values } = writableString
  const before = await keepValues({ cpe, session, restore }, path, writableBoolean.path)
  const start = granted(await setValues(session, [aString(path, values[0])]))
  const next = await whereInForce({ cpe, session }, start)
  const isOn = ['1', 'true'].includes(before.get(writableBoolean.path)?.Value ?? '')
  const present = [aString(path, values[0]), aBoolean(writableBoolean.path, isOn ? '1' : '0')]

  const answer = await setValues(next, [
    aBoolean(writableBoolean.path, isOn ? '0' : '1'),
    aString(path, values[1]),
    aString(path, values[0]),
  ])

  refusedAnyhow(answer)
  await assertReads(next, present)
})

test('RPC-SPV-036 refuses a partial path in place of a parameter name with 9003', {
  meta: { id: 'RPC-SPV-036' },
}, async ({ session, pixit }) => {
  const { path } = pixit.parameters.object

  const answer = await setValues(session, [aString(path, 'x')])

  const { setParameterValuesFaults } = refused(answer, 9003)
  refusedFor(answer, setParameterValuesFaults.length === 0 ? {} : { [path]: 9005 })
})

test('RPC-SPV-037 refuses a parameter of a row that does not exist with 9005 inside 9003', {
  meta: { id: 'RPC-SPV-037' },
}, async ({ session, pixit }) => {
  const { path, parameter, values } = writableTable(pixit)
  const name = `${noSuchRow(path)}${parameter}`

  const answer = await setValues(session, [aString(name, values[0])])

  refusedFor(answer, { [name]: 9005 })
})

test('RPC-SPV-038 tells upper from lower case in parameter names', {
  meta: { id: 'RPC-SPV-038' },
}, async ({ cpe, session, restore, pixit }) => {
  const { path, values } = pixit.parameters.writableString
  await keepValues({ cpe, session, restore }, path)

  for (const name of inAnotherCase(path)) {
    const answer = await setValues(session, [aString(name, values[0])])
    refusedFor(answer, { [name]: 9005 })
  }
})
