import {
  ConformanceFailure,
  describeFault,
  expect,
  granted,
  test,
  Untestable,
} from '../../harness/conformance.ts'
import { attribute, child, SOAP_ENCODING } from '../../harness/cwmp/cwmp.ts'
import { allowedTypes, isLexically, typeNamed } from '../../harness/datamodel/datamodel.ts'
import { assertAmong, assertEach, isObject, knownParameters, parentOf } from './parameter-names.ts'
import { emptyTable, readAll, readOne } from './parameter-tree.ts'

test('RPC-GPV-001 returns one parameter for its full name', {
  meta: { id: 'RPC-GPV-001' },
}, async ({ session, pixit }) => {
  const { path } = pixit.parameters.readOnly

  const answer = granted(await session.call('GetParameterValues', { ParameterNames: [path] }))

  expect(answer.ParameterList.map(({ Name }) => Name)).toEqual([path])
})

test('RPC-GPV-002 returns each of several parameters in one answer', {
  meta: { id: 'RPC-GPV-002' },
}, async ({ session, pixit }) => {
  // Backwards, and from different objects: the order of the names has no meaning.
  const names = knownParameters(pixit, session).toSorted().reverse()

  const answer = granted(await session.call('GetParameterValues', { ParameterNames: names }))

  expect(answer.ParameterList.map(({ Name }) => Name).toSorted()).toEqual(names.toSorted())
})

test('RPC-GPV-003 returns every parameter below a partial path and nothing else', {
  meta: { id: 'RPC-GPV-003' },
}, async ({ session, pixit }) => {
  const { path } = pixit.parameters.object
  const known = knownParameters(pixit, session).filter((name) => name.startsWith(path))

  const answer = granted(await session.call('GetParameterValues', { ParameterNames: [path] }))

  const names = answer.ParameterList.map(({ Name }) => Name)
  assertAmong(names, known, `the values of ${path}`)
  assertEach(names, (name) => name.startsWith(path) && !isObject(name), `only parameters below ${path}`)
})

test('RPC-GPV-004 returns the parameters of all sub-objects of a partial path', {
  meta: { id: 'RPC-GPV-004' },
}, async ({ session, pixit, root }) => {
  const known = knownParameters(pixit, session)

  const values = await readAll(session, root)

  assertAmong(
    values.map(({ Name }) => Name),
    known,
    `the values of ${root}`,
  )
})

test('RPC-GPV-005 returns every parameter of the CPE for an empty name', {
  meta: { id: 'RPC-GPV-005' },
}, async ({ session, pixit }) => {
  const known = knownParameters(pixit, session)

  const values = await readAll(session, '')

  assertAmong(
    values.map(({ Name }) => Name),
    known,
    'the values of the whole tree',
  )
})

test('RPC-GPV-006 takes full names and partial paths in one request', {
  meta: { id: 'RPC-GPV-006' },
}, async ({ session, pixit }) => {
  const object = pixit.parameters.object.path
  const inside = knownParameters(pixit, session).filter((name) => name.startsWith(object))
  const outside = knownParameters(pixit, session).filter((name) => !name.startsWith(object))

  const answer = granted(await session.call('GetParameterValues', { ParameterNames: [...outside, object] }))

  const names = answer.ParameterList.map(({ Name }) => Name)
  assertAmong(names, [...outside, ...inside], 'the answer')
})

test('RPC-GPV-007 returns the values that the Inform stated', {
  meta: { id: 'RPC-GPV-007' },
}, async ({ session, root }) => {
  const forced = [`${root}DeviceInfo.HardwareVersion`, `${root}DeviceInfo.SoftwareVersion`]
  const stated = forced.filter((name) => session.parameters.has(name))
  if (stated.length === 0) throw new Untestable(`the Inform states neither ${forced.join(' nor ')}`)

  const answer = granted(await session.call('GetParameterValues', { ParameterNames: stated }))

  expect(Object.fromEntries(answer.ParameterList.map(({ Name, Value }) => [Name, Value]))).toEqual(
    Object.fromEntries(stated.map((name) => [name, session.parameters.get(name)?.Value])),
  )
})

test('RPC-GPV-008 returns a parameter alike by its full name and by a partial path', {
  meta: { id: 'RPC-GPV-008' },
}, async ({ session, pixit }) => {
  const { readOnly, writableUnsignedInt } = pixit.parameters

  for (const { path } of [readOnly, writableUnsignedInt]) {
    const byName = await readOne(session, path)
    const byPath = await readAll(session, parentOf(path))

    expect(
      byPath.find(({ Name }) => Name === path),
      `${path} in ${parentOf(path)}`,
    ).toEqual(byName)
  }
})

test('RPC-GPV-009 returns no entries for a table without rows', {
  meta: { id: 'RPC-GPV-009' },
}, async ({ cpe, session }) => {
  const table = await emptyTable(session, cpe.profile)

  const answer = granted(await session.call('GetParameterValues', { ParameterNames: [table] }))

  expect(answer.ParameterList).toEqual([])
})

test('RPC-GPV-010 types each value as the data model types its parameter', {
  meta: { id: 'RPC-GPV-010' },
}, async ({ session, pixit }) => {
  const { parameters } = pixit
  const typed = [
    { of: 'string', path: parameters.writableString.path },
    { of: 'boolean', path: parameters.writableBoolean.path },
    { of: 'unsignedInt', path: parameters.writableUnsignedInt.path },
    { of: 'int', path: parameters.writableInt?.path },
    { of: 'dateTime', path: parameters.writableDateTime?.path },
  ]

  for (const { of, path } of typed) {
    if (path === undefined) continue
    const { type } = await readOne(session, path)
    if (typeNamed(type) !== of)
      throw new ConformanceFailure(
        [`xsi:type xsd:${of} for ${path}`, `soapenc:${of}`],
        type === '' ? 'no xsi:type' : type,
      )
  }
})

test('RPC-GPV-011 gives every value an xsi:type that parameters can have', {
  meta: { id: 'RPC-GPV-011' },
}, async ({ session }) => {
  const values = await readAll(session, '')

  const wrong = values.filter(({ type }) => !allowedTypes.includes(typeNamed(type)))
  assertEach(
    wrong.map(({ Name, type }) => `${Name} (${type === '' ? 'no xsi:type' : type})`),
    () => false,
    `one of ${allowedTypes.join(', ')} as xsi:type of every value`,
  )
})

test('RPC-GPV-012 writes every value in the form of its type', {
  meta: { id: 'RPC-GPV-012' },
}, async ({ session }) => {
  const values = await readAll(session, '')

  const wrong = values.filter(({ type, Value }) => !isLexically(typeNamed(type), Value))
  assertEach(
    wrong.map(({ Name, Value, type }) => `${Name} = ${JSON.stringify(Value.slice(0, 40))} (${type})`),
    () => false,
    'every value in the form of its xsi:type',
  )
})

test('RPC-GPV-013 reads a hidden parameter as the empty string', {
  meta: { id: 'RPC-GPV-013' },
}, async ({ session, pixit, root }) => {
  // The enrolment has set the second one: it is not empty in the device.
  const hidden = [pixit.parameters.hidden?.path, `${root}ManagementServer.ConnectionRequestPassword`]

  for (const path of hidden) {
    if (path === undefined) continue
    const { Value } = await readOne(session, path)
    if (Value !== '') throw new ConformanceFailure(`${path} to read as the empty string`, 'a value')
  }
})

test('RPC-GPV-014 keeps hidden parameters empty in the answer to a partial path, too', {
  meta: { id: 'RPC-GPV-014' },
}, async ({ session, pixit, root }) => {
  const hidden = [pixit.parameters.hidden?.path, `${root}ManagementServer.ConnectionRequestPassword`]

  for (const path of hidden) {
    if (path === undefined) continue
    const values = await readAll(session, parentOf(path))
    const parameter = values.find(({ Name }) => Name === path)
    if (parameter?.Value !== '')
      throw new ConformanceFailure(`${path} to read as the empty string`, parameter ? 'a value' : 'no entry')
  }
})

test('RPC-GPV-015 answers a request that names a parameter twice', {
  meta: { id: 'RPC-GPV-015' },
}, async ({ session, pixit }) => {
  const { path } = pixit.parameters.readOnly

  const answer = granted(await session.call('GetParameterValues', { ParameterNames: [path, path] }))

  // Once or twice: the standard does not say.
  expect([[path], [path, path]]).toContainEqual(answer.ParameterList.map(({ Name }) => Name))
})

test('RPC-GPV-029 counts the entries of ParameterList in its arrayType', {
  meta: { id: 'RPC-GPV-029' },
}, async ({ session, pixit }) => {
  const { object, readOnly } = pixit.parameters

  for (const name of [readOnly.path, object.path]) {
    const { body, fault } = await session.callEnvelope('GetParameterValues', { ParameterNames: [name] })
    if (fault) throw new ConformanceFailure(`the values of ${name}`, describeFault(fault))
    const list = child(body, 'ParameterList')
    const arrayType = list && attribute(list, SOAP_ENCODING, 'arrayType')
    const count = /\[(\d+)\]\s*$/.exec(arrayType ?? '')?.[1]
    if (count === undefined || Number(count) !== list?.children.length)
      throw new ConformanceFailure(
        `an arrayType that says ${list?.children.length} members`,
        arrayType ?? 'no arrayType',
      )
  }
})
