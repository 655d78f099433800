import {
  isAllowed,
  itemsOf,
  modelPath,
  type Rule,
  resolvePath,
  restricts,
  typeNamed,
  violation,
} from '../../harness/datamodel/datamodel.ts'
import { notificationOf } from '../rpc/attributes.ts'
import { parentOf } from '../rpc/parameter-names.ts'
import { factoryReset } from '../rpc/restart.ts'
import { conclude, type Findings, judged } from './findings.ts'
import { isShown, type KnownSubject, knownIn, survey, test } from './survey.ts'

/**
 * Holds all values that the device shows against one rule of their syntax. An empty text is no value (yet): whether the
 * model allows that is a case of its own.
 */
function judgedBy(rule: Rule, of: string, known: readonly KnownSubject[]): Findings {
  const restricted = known.filter(
    (subject) => isShown(subject) && !isEmptyText(subject) && restricts(subject.model.syntax, rule),
  )
  return judged(of, restricted, ({ name, value, model }) => {
    const what = violation(model.syntax, value, rule)
    return what === undefined ? undefined : `${name}: ${what}`
  })
}

function isEmptyText({ value, model: { syntax } }: KnownSubject): boolean {
  return value === '' && (/^(string|base64|hexBinary)$/.test(syntax.base) || syntax.list !== undefined)
}

test('DM-TYPE-001 gives each value with the type that its parameter has in the model', {
  meta: { id: 'DM-TYPE-001' },
}, async ({ session, root, model, task }) => {
  const known = knownIn(await survey(session, root), model)

  const findings = judged('parameters', known, (subject) => {
    const { base, list } = subject.model.syntax
    // A list travels as a string, whatever its items are.
    const type = list ? 'string' : base
    return typeNamed(subject.type) === type
      ? undefined
      : `${subject.name}: ${subject.type || 'none'}, not ${type}`
  })

  conclude(task, 'the xsi:type of the model', findings)
})

test('DM-TYPE-002 writes each value, and each item of a list, in the form of its type', {
  meta: { id: 'DM-TYPE-002' },
}, async ({ session, root, model, task }) => {
  const known = knownIn(await survey(session, root), model)

  conclude(
    task,
    'values in the form of their types',
    judgedBy('form', 'parameters that are no strings', known),
  )
})

test('DM-RANGE-001 keeps each number within the range of its parameter', {
  meta: { id: 'DM-RANGE-001' },
}, async ({ session, root, model, task }) => {
  const known = knownIn(await survey(session, root), model)

  conclude(task, 'numbers within their ranges', judgedBy('range', 'parameters with a range', known))
})

test('DM-SIZE-001 keeps each text within the length of its parameter', {
  meta: { id: 'DM-SIZE-001' },
}, async ({ session, root, model, task }) => {
  const known = knownIn(await survey(session, root), model)

  conclude(task, 'texts within their lengths', judgedBy('size', 'parameters with a length', known))
})

test('DM-ENUM-001 has no value outside of the enumeration of its parameter', {
  meta: { id: 'DM-ENUM-001' },
}, async ({ session, root, model, task }) => {
  const known = knownIn(await survey(session, root), model)

  conclude(
    task,
    'values of the enumerations',
    judgedBy('enumeration', 'parameters with an enumeration', known),
  )
})

test('DM-ENUM-002 has a value that another parameter lists where the model says so', {
  meta: { id: 'DM-ENUM-002' },
}, async ({ session, root, model, task }) => {
  const found = await survey(session, root)
  const values = new Map(found.parameters.map(({ name, value }) => [name, value]))
  const listed = (subject: KnownSubject) => {
    const { enumerationRef } = subject.model.syntax
    const target = enumerationRef && resolvePath(parentOf(subject.name), enumerationRef.targetParam)
    return target === undefined ? undefined : values.get(target)
  }
  const referring = knownIn(found, model).filter(
    (subject) => isShown(subject) && subject.value !== '' && listed(subject) !== undefined,
  )

  const findings = judged('parameters whose values another one lists', referring, (subject) => {
    const { syntax } = subject.model
    const allowed = [...itemsOf(listed(subject) ?? ''), syntax.enumerationRef?.nullValue ?? '']
    const items = syntax.list ? itemsOf(subject.value) : [subject.value]
    const other = items.find((item) => !allowed.includes(item))
    return other === undefined ? undefined : `${subject.name}: ${JSON.stringify(other)} is not listed`
  })

  conclude(task, 'values that the other parameter lists', findings)
})

test('DM-PATTERN-001 has no text that does not match the pattern of its parameter', {
  meta: { id: 'DM-PATTERN-001' },
}, async ({ session, root, model, task }) => {
  const known = knownIn(await survey(session, root), model)

  conclude(task, 'texts that match their patterns', judgedBy('pattern', 'parameters with a pattern', known))
})

test('DM-LIST-001 has neither too few nor too many items in a list', {
  meta: { id: 'DM-LIST-001' },
}, async ({ session, root, model, task }) => {
  const known = knownIn(await survey(session, root), model)

  conclude(task, 'lists within their bounds', judgedBy('items', 'lists with bounds', known))
})

test('DM-LIST-002 has no empty item between two commas', {
  meta: { id: 'DM-LIST-002' },
}, async ({ session, root, model, task }) => {
  const known = knownIn(await survey(session, root), model)
  const lists = known.filter((subject) => isShown(subject) && subject.model.syntax.list)

  const findings = judged('lists', lists, ({ name, value }) =>
    itemsOf(value).includes('') ? `${name}: ${JSON.stringify(value)}` : undefined,
  )

  conclude(task, 'items separated by single commas', findings)
})

test('DM-EMPTY-001 has no empty text where the model allows none', {
  meta: { id: 'DM-EMPTY-001' },
}, async ({ session, root, model, task }) => {
  const known = knownIn(await survey(session, root), model)
  const texts = known.filter(
    (subject) =>
      isShown(subject) && isEmptyText({ ...subject, value: '' }) && !isAllowed(subject.model.syntax, ''),
  )

  const findings = judged('texts that must not be empty', texts, ({ name, value }) =>
    value === '' ? name : undefined,
  )

  conclude(task, 'texts that are not empty', findings)
})

test('DM-REF-001 refers strongly to nothing but what exists', {
  meta: { id: 'DM-REF-001' },
}, async ({ session, root, model, task }) => {
  const found = await survey(session, root)
  const present = new Set([...found.parameters.map(({ name }) => name), ...found.objects.keys()])
  const strong = knownIn(found, model).filter(
    ({ value, model: { syntax } }) => syntax.pathRef?.refType === 'strong' && value !== '',
  )

  const findings = judged('strong references', strong, ({ name, value, model: { syntax } }) => {
    const items = syntax.list ? itemsOf(value) : [value]
    const gone = items.find((item) => !present.has(item) && !present.has(`${item.replace(/\.$/, '')}.`))
    return gone === undefined ? undefined : `${name}: ${gone}`
  })

  conclude(task, 'references to what exists', findings)
})

test('DM-REF-002 refers to rows of the tables that the model names', {
  meta: { id: 'DM-REF-002' },
}, async ({ session, root, model, task }) => {
  const found = await survey(session, root)
  const referring = knownIn(found, model).filter(({ value, model: { syntax } }) => {
    const { pathRef } = syntax
    return (
      pathRef !== undefined &&
      pathRef.targetType === 'row' &&
      pathRef.targetParents.length > 0 &&
      value !== ''
    )
  })

  const findings = judged('references to rows', referring, ({ name, value, model: { syntax, object } }) => {
    const tables = (syntax.pathRef?.targetParents ?? []).map(
      (each) => `${modelPath(resolvePath(object, each))}{i}.`,
    )
    const items = syntax.list ? itemsOf(value) : [value]
    const stray = items.find((item) => !tables.includes(modelPath(`${item.replace(/\.$/, '')}.`)))
    return stray === undefined ? undefined : `${name}: ${stray}`
  })

  conclude(task, 'references to rows of the right tables', findings)
})

/** What a parameter of each type reads as when it tells nothing. */
const NOTHING = ['', '0', 'false', '0001-01-01T00:00:00Z']

test('DM-HIDDEN-001 shows nothing of what is hidden', {
  meta: { id: 'DM-HIDDEN-001' },
}, async ({ session, root, model, task }) => {
  const known = knownIn(await survey(session, root), model)
  const hidden = known.filter((subject) => subject.model.hidden)

  // What it shows is a secret, and no report may tell it.
  const findings = judged('hidden parameters', hidden, ({ name, value }) =>
    NOTHING.includes(value) ? undefined : `${name}: ${value.length} characters`,
  )

  conclude(task, 'hidden parameters that read as nothing', findings)
})

test('DM-COMMAND-001 shows nothing in parameters that are commands', {
  meta: { id: 'DM-COMMAND-001' },
}, async ({ session, root, model, task }) => {
  const known = knownIn(await survey(session, root), model)
  const commands = known.filter((subject) => subject.model.command)

  const findings = judged('commands', commands, ({ name, value }) =>
    NOTHING.includes(value) ? undefined : `${name}: ${JSON.stringify(value)}`,
  )

  conclude(task, 'commands that read as nothing', findings)
})

test('DM-INFORM-001 has in its Inform what the model wants in each', {
  meta: { id: 'DM-INFORM-001' },
}, async ({ session, root, model, task }) => {
  const known = knownIn(await survey(session, root), model)
  const forced = known.filter((subject) => subject.model.forcedInform)

  const findings = judged('parameters of every Inform', forced, ({ name }) =>
    session.parameters.has(name) ? undefined : name,
  )

  conclude(task, 'an Inform with all of them', findings)
})

test('DM-NOTIFY-001 notifies actively of what the model forces it to', {
  meta: { id: 'DM-NOTIFY-001' },
}, async ({ session, root, model, task }) => {
  const known = knownIn(await survey(session, root), model)
  const forced = known.filter((subject) => subject.model.activeNotify === 'forceEnabled')
  const attributes = new Map<string, number>()
  for (const { name } of forced) attributes.set(name, await notificationOf(session, name))

  const findings = judged('parameters with forced notification', forced, ({ name }) =>
    [2, 5, 6].includes(attributes.get(name) ?? 0) ? undefined : `${name}: ${attributes.get(name)}`,
  )

  conclude(task, 'active notification', findings)
})

test('DM-NOTIFY-002 notifies actively from the factory on of what the model wants it to', {
  meta: { id: 'DM-NOTIFY-002' },
}, async ({ cpe, session, restore, root, model, task }) => {
  restore(() => cpe.enrol())

  const later = await factoryReset(cpe, session)

  const known = knownIn(await survey(later, root), model)
  const wanted = known.filter((subject) => subject.model.activeNotify === 'forceDefaultEnabled')
  const attributes = new Map<string, number>()
  for (const { name } of wanted) attributes.set(name, await notificationOf(later, name))
  const findings = judged('parameters with active notification by default', wanted, ({ name }) =>
    [2, 5, 6].includes(attributes.get(name) ?? 0) ? undefined : `${name}: ${attributes.get(name)}`,
  )
  conclude(task, 'active notification', findings)
})
