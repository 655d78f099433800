import { refused, test } from '../../harness/conformance.ts'
import { callAltered } from './altered-request.ts'
import {
  inAnotherCase,
  nameOfLength,
  noSuchObject,
  noSuchParameter,
  noSuchRow,
  someTable,
} from './parameter-names.ts'

test('RPC-GPN-018 answers 9003 to the full name of a parameter with NextLevel=true', {
  meta: { id: 'RPC-GPN-018' },
}, async ({ session, pixit }) => {
  const answer = await session.call('GetParameterNames', {
    ParameterPath: pixit.parameters.readOnly.path,
    NextLevel: true,
  })

  refused(answer, 9003)
})

test('RPC-GPN-019 answers 9005 to the name of a parameter that is not there', {
  meta: { id: 'RPC-GPN-019' },
}, async ({ session, pixit }) => {
  const answer = await session.call('GetParameterNames', {
    ParameterPath: noSuchParameter(pixit.parameters.object.path),
    NextLevel: false,
  })

  refused(answer, 9005)
})

test('RPC-GPN-020 answers 9005 rather than 9003 to an unknown name with NextLevel=true', {
  meta: { id: 'RPC-GPN-020' },
}, async ({ session, pixit }) => {
  const answer = await session.call('GetParameterNames', {
    ParameterPath: noSuchParameter(pixit.parameters.object.path),
    NextLevel: true,
  })

  refused(answer, 9005)
})

test('RPC-GPN-021 answers 9005 to the path of an object that is not there', {
  meta: { id: 'RPC-GPN-021' },
}, async ({ session, root }) => {
  for (const NextLevel of [false, true]) {
    const answer = await session.call('GetParameterNames', { ParameterPath: noSuchObject(root), NextLevel })

    refused(answer, 9005)
  }
})

test('RPC-GPN-022 answers 9005 to the path of a row that is not there', {
  meta: { id: 'RPC-GPN-022' },
}, async ({ session, pixit }) => {
  const row = noSuchRow(someTable(pixit))

  for (const NextLevel of [false, true]) {
    const answer = await session.call('GetParameterNames', { ParameterPath: row, NextLevel })

    refused(answer, 9005)
  }
})

test('RPC-GPN-023 answers 9005 to a path with the placeholder {i} for an instance number', {
  meta: { id: 'RPC-GPN-023' },
}, async ({ session, pixit }) => {
  const answer = await session.call('GetParameterNames', {
    ParameterPath: `${someTable(pixit)}{i}.`,
    NextLevel: false,
  })

  refused(answer, 9005)
})

test('RPC-GPN-024 answers 9005 to a wildcard in place of a name', {
  meta: { id: 'RPC-GPN-024' },
}, async ({ session, cpe }) => {
  const answer = await session.call('GetParameterNames', {
    ParameterPath: `${cpe.profile.cwmp.root}*.`,
    NextLevel: false,
  })

  refused(answer, 9005)
})

test('RPC-GPN-025 answers 9005 to the path of an object without its dot', {
  meta: { id: 'RPC-GPN-025' },
}, async ({ session, pixit }) => {
  const path = pixit.parameters.object.path.slice(0, -1)

  for (const NextLevel of [false, true]) {
    const answer = await session.call('GetParameterNames', { ParameterPath: path, NextLevel })

    refused(answer, 9005)
  }
})

test('RPC-GPN-026 refuses the name of a parameter with a dot behind it', {
  meta: { id: 'RPC-GPN-026' },
}, async ({ session, pixit }) => {
  const answer = await session.call('GetParameterNames', {
    ParameterPath: `${pixit.parameters.readOnly.path}.`,
    NextLevel: false,
  })

  // The standard leaves open which of the two it is.
  refused(answer, 9005, 9003)
})

test('RPC-GPN-027 answers 9005 to a path in another case', {
  meta: { id: 'RPC-GPN-027' },
}, async ({ session, pixit }) => {
  const { object, readOnly } = pixit.parameters

  for (const path of [...inAnotherCase(readOnly.path), ...inAnotherCase(object.path)]) {
    const answer = await session.call('GetParameterNames', { ParameterPath: path, NextLevel: false })

    refused(answer, 9005)
  }
})

test('RPC-GPN-028 answers 9005 to an unknown path of 256 characters', {
  meta: { id: 'RPC-GPN-028' },
}, async ({ session, root }) => {
  const answer = await session.call('GetParameterNames', {
    ParameterPath: nameOfLength(root, 256),
    NextLevel: false,
  })

  refused(answer, 9005)
})

test('RPC-GPN-029 refuses a path of more than 256 characters', {
  meta: { id: 'RPC-GPN-029' },
}, async ({ session, root }) => {
  for (const length of [257, 4096]) {
    const answer = await session.call('GetParameterNames', {
      ParameterPath: nameOfLength(root, length),
      NextLevel: false,
    })

    // No such parameter, or no such argument: both are true.
    refused(answer, 9005, 9003)
  }
})

test('RPC-GPN-030 answers 9003 to a request without NextLevel', {
  meta: { id: 'RPC-GPN-030' },
}, async ({ session, acs, root }) => {
  const answer = await callAltered(
    { session, acs },
    'GetParameterNames',
    { ParameterPath: root, NextLevel: true },
    (request) => request.replace('<NextLevel>1</NextLevel>', ''),
  )

  refused(answer, 9003)
})

test('RPC-GPN-031 answers 9003 to a request without ParameterPath', {
  meta: { id: 'RPC-GPN-031' },
}, async ({ session, acs }) => {
  const answer = await callAltered(
    { session, acs },
    'GetParameterNames',
    { ParameterPath: '', NextLevel: true },
    (request) => request.replace('<ParameterPath/>', ''),
  )

  refused(answer, 9003)
})

test('RPC-GPN-032 answers 9003 to a NextLevel that is no boolean', {
  meta: { id: 'RPC-GPN-032' },
}, async ({ session, acs, root }) => {
  for (const form of ['perhaps', '2', '']) {
    const answer = await callAltered(
      { session, acs },
      'GetParameterNames',
      { ParameterPath: root, NextLevel: true },
      (request) => request.replace('<NextLevel>1</NextLevel>', `<NextLevel>${form}</NextLevel>`),
    )

    refused(answer, 9003)
  }
})
