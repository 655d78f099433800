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

test('RPC-GPV-016 answers 9005 to the name of a parameter that is not there', {
  meta: { id: 'RPC-GPV-016' },
}, async ({ session, pixit }) => {
  const name = noSuchParameter(pixit.parameters.object.path)

  const answer = await session.call('GetParameterValues', { ParameterNames: [name] })

  refused(answer, 9005)
})

test('RPC-GPV-017 refuses the whole request for one bad name among good ones', {
  meta: { id: 'RPC-GPV-017' },
}, async ({ session, pixit }) => {
  const good = pixit.parameters.readOnly.path
  const bad = noSuchParameter(parentOf(good))

  const badLast = await session.call('GetParameterValues', { ParameterNames: [good, bad] })
  const badFirst = await session.call('GetParameterValues', { ParameterNames: [bad, good] })

  refused(badLast, 9005)
  refused(badFirst, 9005)
})

test('RPC-GPV-018 answers 9005 to the path of an object that is not there', {
  meta: { id: 'RPC-GPV-018' },
}, async ({ session, root }) => {
  const answer = await session.call('GetParameterValues', { ParameterNames: [noSuchObject(root)] })

  refused(answer, 9005)
})

test('RPC-GPV-019 answers 9005 to the path of a row that is not there', {
  meta: { id: 'RPC-GPV-019' },
}, async ({ session, pixit }) => {
  const row = noSuchRow(someTable(pixit))

  const answer = await session.call('GetParameterValues', { ParameterNames: [row] })

  refused(answer, 9005)
})

test('RPC-GPV-020 answers 9005 to a name with the placeholder {i} for an instance number', {
  meta: { id: 'RPC-GPV-020' },
}, async ({ session, pixit }) => {
  const answer = await session.call('GetParameterValues', { ParameterNames: [`${someTable(pixit)}{i}.`] })

  refused(answer, 9005)
})

test('RPC-GPV-021 answers 9005 to a wildcard in place of a name', {
  meta: { id: 'RPC-GPV-021' },
}, async ({ session, cpe }) => {
  const answer = await session.call('GetParameterValues', { ParameterNames: [`${cpe.profile.cwmp.root}*.`] })

  refused(answer, 9005)
})

test('RPC-GPV-022 refuses the name of a parameter with a dot behind it', {
  meta: { id: 'RPC-GPV-022' },
}, async ({ session, pixit }) => {
  const answer = await session.call('GetParameterValues', {
    ParameterNames: [`${pixit.parameters.readOnly.path}.`],
  })

  // The standard leaves open which of the two it is.
  refused(answer, 9005, 9003)
})

test('RPC-GPV-023 answers 9005 to the path of an object without its dot', {
  meta: { id: 'RPC-GPV-023' },
}, async ({ session, pixit }) => {
  const answer = await session.call('GetParameterValues', {
    ParameterNames: [pixit.parameters.object.path.slice(0, -1)],
  })

  refused(answer, 9005)
})

test('RPC-GPV-024 answers 9005 to a name in another case', {
  meta: { id: 'RPC-GPV-024' },
}, async ({ session, pixit }) => {
  for (const name of inAnotherCase(pixit.parameters.readOnly.path)) {
    const answer = await session.call('GetParameterValues', { ParameterNames: [name] })

    refused(answer, 9005)
  }
})

test('RPC-GPV-025 answers 9005 to an unknown name of 256 characters', {
  meta: { id: 'RPC-GPV-025' },
}, async ({ session, root }) => {
  const answer = await session.call('GetParameterValues', { ParameterNames: [nameOfLength(root, 256)] })

  refused(answer, 9005)
})

test('RPC-GPV-026 refuses a name of more than 256 characters', {
  meta: { id: 'RPC-GPV-026' },
}, async ({ session, root }) => {
  for (const length of [257, 4096]) {
    const answer = await session.call('GetParameterValues', { ParameterNames: [nameOfLength(root, length)] })

    // No such parameter, or no such argument: both are true.
    refused(answer, 9005, 9003)
  }
})

test('RPC-GPV-027 answers 9003 to a request without ParameterNames', {
  meta: { id: 'RPC-GPV-027' },
}, async ({ session, acs, pixit }) => {
  const names = [pixit.parameters.readOnly.path]

  const answer = await callAltered(
    { session, acs },
    'GetParameterValues',
    { ParameterNames: names },
    (request) => request.replace(/<ParameterNames .*<\/ParameterNames>/s, ''),
  )

  refused(answer, 9003)
})

test('RPC-GPV-028 returns nothing for an empty list of names', {
  meta: { id: 'RPC-GPV-028' },
}, async ({ session }) => {
  const answer = await session.call('GetParameterValues', { ParameterNames: [] })

  // The schema asks for one name at least, so a refusal is as good.
  if (isFault(answer)) refused(answer, 9003)
  else if (answer.ParameterList.length > 0)
    throw new ConformanceFailure(
      ['fault 9003', 'no entries'],
      `${answer.ParameterList.length} entries nobody asked for`,
    )
})
