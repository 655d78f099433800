import { modelPath } from '../../harness/datamodel/datamodel.ts'
import { conclude, judged } from './findings.ts'
import { isVendorSpecific, missingFrom, modelledTables } from './structure.ts'
import { knownIn, survey, test } from './survey.ts'

test('DM-NAME-001 has no parameter that the model does not define, besides vendor-specific ones', {
  meta: { id: 'DM-NAME-001' },
}, async ({ session, root, model, task }) => {
  const { parameters } = await survey(session, root)
  const standard = parameters.filter(({ name }) => !isVendorSpecific(name, root))

  const findings = judged('parameters', standard, ({ name }) =>
    model.parameters.has(modelPath(name)) ? undefined : name,
  )

  conclude(task, `parameters that ${model.name} defines`, findings)
})

test('DM-NAME-002 has no object that the model does not define, besides vendor-specific ones', {
  meta: { id: 'DM-NAME-002' },
}, async ({ session, root, model, task }) => {
  const { objects } = await survey(session, root)
  const standard = [...objects.keys()].filter((name) => !isVendorSpecific(name, root))

  const findings = judged('objects', standard, (name) => {
    const path = modelPath(name)
    return model.objects.has(path) || model.objects.has(`${path}{i}.`) ? undefined : name
  })

  conclude(task, `objects that ${model.name} defines`, findings)
})

test('DM-NAME-003 has nothing that was deleted from the model', {
  meta: { id: 'DM-NAME-003' },
}, async ({ session, root, model, task }) => {
  const known = knownIn(await survey(session, root), model)

  const findings = judged('parameters', known, (subject) =>
    subject.model.status === 'deleted' ? subject.name : undefined,
  )

  conclude(task, 'no parameter that is marked as deleted', findings)
})

test('DM-ACCESS-001 calls no parameter writable that is read-only in the model', {
  meta: { id: 'DM-ACCESS-001' },
}, async ({ session, root, model, task }) => {
  const known = knownIn(await survey(session, root), model)

  const findings = judged('parameters', known, (subject) =>
    subject.writable && subject.model.access === 'readOnly' ? subject.name : undefined,
  )

  conclude(task, 'Writable false for each parameter with readOnly access', findings)
})

test('DM-ACCESS-002 calls no table writable to which the model lets the ACS add no rows', {
  meta: { id: 'DM-ACCESS-002' },
}, async ({ session, root, model, task }) => {
  const found = await survey(session, root)

  const findings = judged('tables', modelledTables(found, model), ({ path, writable, defined }) =>
    writable && !defined.creates ? path : undefined,
  )

  conclude(task, 'Writable false for each table with readOnly access', findings)
})

test('DM-ACCESS-003 calls each parameter writable that is read-write in the description of the device', {
  meta: { id: 'DM-ACCESS-003' },
}, async ({ session, root, model, task, skip }) => {
  if (!model.isWhole) {
    task.meta.notApplicable =
      'the data model is not the description of this device: it may make less writable'
    skip()
  }
  const known = knownIn(await survey(session, root), model)
  const readWrite = known.filter((subject) => subject.model.access === 'readWrite')

  const findings = judged('read-write parameters', readWrite, ({ name, writable }) =>
    writable ? undefined : name,
  )

  conclude(task, 'Writable true for each parameter with readWrite access', findings)
})

test('DM-ACCESS-004 calls each table writable to which the description of the device lets the ACS add rows', {
  meta: { id: 'DM-ACCESS-004' },
}, async ({ session, root, model, task, skip }) => {
  if (!model.isWhole) {
    task.meta.notApplicable =
      'the data model is not the description of this device: it may make less writable'
    skip()
  }
  const tables = modelledTables(await survey(session, root), model).filter(({ defined }) => defined.creates)

  const findings = judged('tables that take rows', tables, ({ path, writable }) =>
    writable ? undefined : path,
  )

  conclude(task, 'Writable true for each table with readWrite access', findings)
})

test('DM-MANDATORY-001 has all that the description of the device names', {
  meta: { id: 'DM-MANDATORY-001' },
}, async ({ session, root, model, task, skip }) => {
  if (!model.isWhole) {
    task.meta.notApplicable = 'the data model is not the description of this device: it may lack a part'
    skip()
  }
  const found = await survey(session, root)
  const described = [...model.parameters.values()].filter(({ status }) => status !== 'deleted')

  const wrong = missingFrom(
    found,
    described.map(({ path }) => path),
  )

  conclude(task, 'each parameter of the description', { of: 'parameters', examined: described.length, wrong })
})

test('DM-PROFILE-001 has all parameters of each profile that it claims', {
  meta: { id: 'DM-PROFILE-001' },
}, async ({ cpe, session, root, model, task }) => {
  const found = await survey(session, root)
  const claimed = (cpe.profile.dataModel?.profiles ?? []).flatMap((name) => [
    ...(model.profiles.get(name)?.parameters.keys() ?? []),
  ])

  const wrong = missingFrom(found, claimed)

  conclude(task, 'each parameter of the profiles', {
    of: 'parameters of claimed profiles',
    examined: claimed.length,
    wrong,
  })
})

test('DM-PROFILE-002 makes writable what the profiles that it claims require to be', {
  meta: { id: 'DM-PROFILE-002' },
}, async ({ cpe, session, root, model, task }) => {
  const { parameters } = await survey(session, root)
  const claimed = cpe.profile.dataModel?.profiles ?? []
  const required = new Map(claimed.flatMap((name) => [...(model.profiles.get(name)?.parameters ?? [])]))
  const present = parameters.filter(({ name }) => required.get(modelPath(name)) === 'readWrite')

  const findings = judged('read-write parameters of claimed profiles', present, ({ name, writable }) =>
    writable ? undefined : name,
  )

  conclude(task, 'Writable true where the profile requires readWrite', findings)
})
