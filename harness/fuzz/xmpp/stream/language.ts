import fc from 'fast-check'
import { z } from 'zod'
import type { Cell, FuzzLanguage, Json } from '../../campaign/field.ts'
import type { Breakage } from './breakage.ts'
import { breakageOf, breakages } from './breakages/all.ts'
import { type Part, type StreamCase, type StreamStage, streamStages } from './stream-case.ts'

const caseSchema = z.strictObject({
  stage: z.enum(streamStages),
  parts: z
    .array(
      z.strictObject({
        name: z.string(),
        size: z.int().min(0).optional(),
        text: z.string().optional(),
        edits: z
          .array(
            z.strictObject({
              do: z.enum(['drop', 'repeat', 'put', 'flip', 'cut']),
              at: z.int().min(0).max(65_535),
              octet: z.int().min(0).max(255),
            }),
          )
          .optional(),
      }),
    )
    .min(1),
})

/** What servers can say until a device has its resource, and afterwards. */
export function streamLanguage(name: 'xmpp-login' | 'xmpp-stream'): FuzzLanguage<StreamCase> {
  const stages = streamStages.filter((stage) => (stage === 'online') === (name === 'xmpp-stream'))
  const ours = breakages.filter((breakage) => stages.some((stage) => breakage.stages.includes(stage)))
  const stagesOf = (breakage: Breakage) => breakage.stages.filter((stage) => stages.includes(stage))
  return {
    name,
    coverage: () => coverage(ours, stagesOf),
    mutation: mutation(ours, stages),
    cellOf,
    *cells() {
      for (const breakage of ours)
        for (const stage of stagesOf(breakage)) yield cellOf({ stage, parts: [{ name: breakage.name }] })
    },
    simpler,
    describe: ({ stage, parts }) => `${stage}: ${parts.map(describePart).join(', then ')}`,
    toJson: ({ stage, parts }) => ({ stage, parts: parts.map(partToJson) }),
    fromJson(json) {
      const { stage, parts } = caseSchema.parse(json)
      for (const part of parts) {
        if (!breakageOf(part).stages.includes(stage))
          throw new Error(`there is no "${part.name}" at ${stage}`)
      }
      return { stage, parts: parts.map(plainPart) }
    },
  }
}

/** Each breakage with each of its sizes and words at each of its stages; a few octets changed where it is about octets. */
function* coverage(
  ours: readonly Breakage[],
  stagesOf: (breakage: Breakage) => readonly StreamStage[],
): Generator<StreamCase> {
  for (const breakage of ours) {
    for (const stage of stagesOf(breakage)) {
      for (const part of boundaries(breakage)) yield { stage, parts: [part] }
    }
  }
}

function boundaries({ name, sizes, texts, edits }: Breakage): Part[] {
  if (sizes) return sizes.map((size) => ({ name, size }))
  if (texts) return texts.map((text) => ({ name, text }))
  if (!edits) return [{ name }]
  const middle = 32_768
  return [
    { name, edits: [{ do: 'cut', at: middle, octet: 0 }] },
    { name, edits: [{ do: 'drop', at: middle, octet: 1 }] },
    { name, edits: [{ do: 'repeat', at: middle, octet: 20 }] },
    { name, edits: [{ do: 'put', at: middle, octet: 60 }] },
    { name, edits: [{ do: 'flip', at: middle, octet: 1 }] },
  ]
}

/** One breakage for most, and up to three together. */
function mutation(ours: readonly Breakage[], stages: readonly StreamStage[]): fc.Arbitrary<StreamCase> {
  return fc.constantFrom(...stages).chain((stage) => {
    const here = ours.filter((breakage) => breakage.stages.includes(stage))
    // Changes to octets are without number: each other breakage has its turn in coverage, too.
    const changed = here.filter(({ edits }) => edits)
    const part = (from: readonly Breakage[]) => fc.constantFrom(...from).chain(parts)
    const any = part(here)
    const parts1 = changed.length > 0 ? fc.oneof(any, part(changed)) : any
    return fc
      .oneof(
        { weight: 3, arbitrary: parts1.map((one) => [one]) },
        { weight: 1, arbitrary: fc.array(any, { minLength: 2, maxLength: 3 }) },
      )
      .map((all) => ({ stage, parts: all }))
  })
}

function parts({ name, sizes, texts, edits }: Breakage): fc.Arbitrary<Part> {
  if (sizes) {
    const largest = sizes.at(-1) as number
    return fc
      .oneof(fc.constantFrom(...sizes), fc.integer({ min: sizes[0] as number, max: largest }))
      .map((size) => ({ name, size }))
  }
  if (texts) return fc.constantFrom(...texts).map((text) => ({ name, text }))
  if (!edits) return fc.constant({ name })
  const edit = fc.record({
    do: fc.constantFrom('drop' as const, 'repeat' as const, 'put' as const, 'flip' as const, 'cut' as const),
    at: fc.nat({ max: 65_535 }),
    octet: fc.oneof(fc.constantFrom(0, 10, 34, 38, 47, 60, 62), fc.nat({ max: 255 })),
  })
  return fc.array(edit, { minLength: 1, maxLength: 4 }).map((all) => ({ name, edits: all }))
}

function cellOf({ stage, parts: all }: StreamCase): Cell {
  const [first] = all
  const element = all.length === 1 && first ? breakageOf(first).element : ''
  return { requestClass: stage, element, breakage: all.map(({ name }) => name).join(' + ') }
}

/** Fewer parts, then each part with less. */
function* simpler({ stage, parts: all }: StreamCase): Generator<StreamCase> {
  if (all.length > 1) {
    for (const part of all) yield { stage, parts: [part] }
    if (all.length > 2) for (const gone of all) yield { stage, parts: all.filter((part) => part !== gone) }
  }
  for (const part of all)
    for (const less of simplerPart(part))
      yield { stage, parts: all.map((one) => (one === part ? less : one)) }
}

function* simplerPart(part: Part): Generator<Part> {
  const { name, size, text, edits } = part
  const { sizes = [], texts = [] } = breakageOf(part)
  if (size !== undefined) {
    const smaller = [...sizes.filter((one) => one < size), Math.floor(size / 2), size - 1]
    for (const less of new Set(smaller))
      if (less >= (sizes[0] ?? 0) && less < size) yield { name, size: less }
  }
  if (text !== undefined) for (const other of texts.slice(0, texts.indexOf(text))) yield { name, text: other }
  if (edits && edits.length > 1)
    for (const edit of edits) yield { name, edits: edits.filter((one) => one !== edit) }
}

function describePart({ name, size, text, edits }: Part): string {
  const shown =
    text !== undefined && text.length > 60 ? `${text.slice(0, 60)}… (${text.length} characters)` : text
  return [
    name,
    ...(size === undefined ? [] : [`(${size})`]),
    ...(shown === undefined ? [] : [`"${shown}"`]),
    ...(edits ?? []).map((edit) => `${edit.do} at ${edit.at}/65536 (${edit.octet})`),
  ].join(' ')
}

function partToJson(part: Part): Json {
  const { name, size, text, edits } = part
  return {
    name,
    ...(size !== undefined && { size }),
    ...(text !== undefined && { text }),
    ...(edits && { edits: edits.map((edit) => ({ ...edit })) }),
  }
}

/** Without what is not given. */
function plainPart({ name, size, text, edits }: { [Key in keyof Part]: Part[Key] | undefined }): Part {
  return {
    name: name as string,
    ...(size !== undefined && { size }),
    ...(text !== undefined && { text }),
    ...(edits !== undefined && { edits }),
  }
}
