import { ConformanceFailure, refused, test } from '../../harness/conformance.ts'
import { isFault } from '../../harness/cwmp/cwmp.ts'
import { callAltered } from './altered-request.ts'
import {
  inAnotherCase,
  nameOfLength,
  noSuchObject,
  noSuchParameter,
  noSuchRow,
  parentOf,
  someTable,
} from './parameter-names.ts'

test('RPC-GPA-012 answers 9005 to the name of a parameter that is not there', {
  meta: { id: 'RPC-GPA-012' },
}, async ({ session, pixit }) => {
  const name = noSuchParameter(pixit.parameters.object.path)

  const answer = await session.call('GetParameterAttributes', { ParameterNames: [name] })

  refused(answer, 9005)
})

test('RPC-GPA-013 refuses the whole request for one bad name among good ones', {
  meta: { id: 'RPC-GPA-013' },
}, async ({ session, pixit }) => {
  const good = pixit.parameters.readOnly.path
  const bad = noSuchParameter(parentOf(good))

  const badLast = await session.call('GetParameterAttributes', { ParameterNames: [good, bad] })
  const badFirst = await session.call('GetParameterAttributes', { ParameterNames: [bad, good] })

  refused(badLast, 9005)
  refused(badFirst, 9005)
})

test('RPC-GPA-014 answers 9005 to the path of an object that is not there', {
  meta: { id: 'RPC-GPA-014' },
}, async ({ session, root }) => {
  const answer = await session.call('GetParameterAttributes', { ParameterNames: [noSuchObject(root)] })

  refused(answer, 9005)
})

test('RPC-GPA-015 answers 9005 to the path of a row that is not there', {
  meta: { id: 'RPC-GPA-015' },
}, async ({ session, pixit }) => {
  const row = noSuchRow(someTable(pixit))

  const answer = await session.call('GetParameterAttributes', { ParameterNames: [row] })

  refused(answer, 9005)
})

test('RPC-GPA-016 answers 9005 to a name with the placeholder {i} for an instance number', {
  meta: { id: 'RPC-GPA-016' },
}, async ({ session, pixit }) => {
  const answer = await session.call('GetParameterAttributes', { ParameterNames: [`${someTable(pixit)}{i}.`] })

  refused(answer, 9005)
})

test('RPC-GPA-017 answers 9005 to a wildcard in place of a name', {
  meta: { id: 'RPC-GPA-017' },
}, async ({ session, cpe }) => {
  const answer = await session.call('GetParameterAttributes', {
    ParameterNames: [`${cpe.profile.cwmp.root}*.`],
  })

  refused(answer, 9005)
})

test('RPC-GPA-018 refuses the name of a parameter with a dot behind it', {
  meta: { id: 'RPC-GPA-018' },
}, async ({ session, pixit }) => {
  const answer = await session.call('GetParameterAttributes', {
    ParameterNames: [`${pixit.parameters.readOnly.path}.`],
  })

  // The standard leaves open which of the two it is.
  refused(answer, 9005, 9003)
})

test('RPC-GPA-019 answers 9005 to the path of an object without its dot', {
  meta: { id: 'RPC-GPA-019' },
}, async ({ session, pixit }) => {
  const answer = await session.call('GetParameterAttributes', {
    ParameterNames: [pixit.parameters.object.path.slice(0, -1)],
  })

  refused(answer, 9005)
})

test('RPC-GPA-020 answers 9005 to a name in another case', {
  meta: { id: 'RPC-GPA-020' },
}, async ({ session, pixit }) => {
  for (const name of inAnotherCase(pixit.parameters.readOnly.path)) {
    const answer = await session.call('GetParameterAttributes', { ParameterNames: [name] })

    refused(answer, 9005)
  }
})

test('RPC-GPA-021 answers 9005 to an unknown name of 256 characters', {
  meta: { id: 'RPC-GPA-021' },
}, async ({ session, root }) => {
  const answer = await session.call('GetParameterAttributes', { ParameterNames: [nameOfLength(root, 256)] })

  refused(answer, 9005)
})

test('RPC-GPA-022 refuses a name of more than 256 characters', {
  meta: { id: 'RPC-GPA-022' },
}, async ({ session, root }) => {
  for (const length of [257, 4096]) {
    const answer = await session.call('GetParameterAttributes', {
      ParameterNames: [nameOfLength(root, length)],
    })

    // No such parameter, or no such argument: both are true.
    refused(answer, 9005, 9003)
  }
})

test('RPC-GPA-023 answers 9003 to a request without ParameterNames', {
  meta: { id: 'RPC-GPA-023' },
}, async ({ session, acs, pixit }) => {
  const names = [pixit.parameters.readOnly.path]

  const answer = await callAltered(
    { session, acs },
    'GetParameterAttributes',
    { ParameterNames: names },
    (request) => request.replace(/<ParameterNames .*<\/ParameterNames>/s, ''),
  )

  refused(answer, 9003)
})

test('RPC-GPA-024 returns nothing for an empty list of names', {
  meta: { id: 'RPC-GPA-024' },
}, async ({ session }) => {
  const answer = await session.call('GetParameterAttributes', { ParameterNames: [] })

  // The schema asks for one name at least, so a refusal is as good.
  if (isFault(answer)) refused(answer, 9003)
  else if (answer.ParameterList.length > 0)
    throw new ConformanceFailure(
      ['fault 9003', 'no entries'],
      `${answer.ParameterList.length} entries nobody asked for`,
    )
})
