import { type Envelope, EnvelopeError, parseEnvelope } from './envelope.ts'
import type { CwmpFault } from './fault.ts'
import { type JudgeBySchema, judgeBySchema } from './schema-batch.ts'
import { checkAnswerTo, checkEnvelope, readBody } from './universal-envelope.ts'
import { checkFault } from './universal-fault.ts'
import { checkHttp } from './universal-http.ts'
import { checkInform } from './universal-inform.ts'
import {
  type UniversalExchange,
  type UniversalMessage,
  UniversalRecord,
  type UniversalResult,
} from './universal-record.ts'
import { XmlError } from './xml.ts'

export type {
  UniversalExchange,
  UniversalFinding,
  UniversalMessage,
  UniversalResult,
} from './universal-record.ts'

/**
 * Holds everything that the CPE sent in a case against the universal requirements, the schemas included (see
 * harness/requirements/universal.json). Give the exchanges in the order of the wire, those that ended without an answer too.
 * @param options.officialDir also validate by the official schemas in this folder
 * @param options.judge what validates; that of a SchemaBatch answers later, unless given it is done at once
 * @throws {HarnessError} when the schemas cannot be compiled
 */
export async function checkUniversal(
  exchanges: readonly UniversalExchange[],
  options: { officialDir?: string; judge?: JudgeBySchema } = {},
): Promise<UniversalResult> {
  const record = new UniversalRecord()
  const envelopes = checkMessages(exchanges, record)
  await checkSchemas(envelopes, options, record)
  return { checked: record.checked, findings: record.findings.sort((a, b) => a.message - b.message) }
}

/** As checkUniversal without the schemas: at once, without xmllint. */
export function checkExchanges(exchanges: readonly UniversalExchange[]): UniversalResult {
  const record = new UniversalRecord()
  checkMessages(exchanges, record)
  return record
}

/** Challenge, redirect, refused content coding: the same message comes once more, so what it answers stays open. */
const REPEATED_AFTER = [301, 302, 303, 307, 308, 401, 415]

/** @returns the envelope of each request that has one */
function checkMessages(
  exchanges: readonly UniversalExchange[],
  record: UniversalRecord,
): (Envelope | undefined)[] {
  /** The ACS's request that each session has yet to answer. */
  const asked = new Map<string | number, Envelope | undefined>()
  /** Rows with which the ACS asks for more parameters in Informs. */
  let wishes = 0
  return exchanges.map(({ request, answer, session, connection }, index) => {
    record.message = index
    const key = session ?? connection ?? 0
    const envelope = request.body.length === 0 ? undefined : readBody(request, record)
    checkHttp(request, envelope, record)
    const question = asked.get(key)
    if (question && request.method === 'POST') checkAnswerTo(question, envelope, request.body.length, record)
    if (envelope) {
      checkEnvelope(envelope, question, record)
      if (isFault(envelope)) checkFault(envelope, question, record)
      if (envelope.kind === 'request' && envelope.name === 'Inform') checkInform(envelope, record, wishes > 0)
    }
    if (answer === undefined || !REPEATED_AFTER.includes(answer.status)) {
      // An ACS that asks where it has to respond breaks the protocol, and what follows is no fault of the CPE.
      const mayAsk = answer?.status === 200 && envelope?.kind !== 'request'
      const next = mayAsk ? requestIn(answer) : undefined
      asked.set(key, next)
      if (next?.source.includes('ManagementServer.InformParameter.')) {
        if (next.name === 'AddObject') wishes += 1
        if (next.name === 'DeleteObject') wishes -= 1
      }
    }
    return envelope
  })
}

function isFault(envelope: Envelope): envelope is Envelope & { fault: CwmpFault } {
  return envelope.fault !== undefined
}

/** The proper request in an answer of the ACS; a case may have sent anything, and nobody has to answer garbage. */
function requestIn(answer: UniversalMessage): Envelope | undefined {
  if (answer.body.length === 0) return undefined
  try {
    const envelope = answer.envelope ?? parseEnvelope(answer.body)
    return envelope.kind === 'request' && envelope.bodyEntries === 1 ? envelope : undefined
  } catch (error) {
    if (error instanceof XmlError || error instanceof EnvelopeError) return undefined
    throw error
  }
}

async function checkSchemas(
  envelopes: readonly (Envelope | undefined)[],
  { officialDir, judge: bySchema = judgeBySchema }: { officialDir?: string; judge?: JudgeBySchema },
  record: UniversalRecord,
): Promise<void> {
  // Retried and redirected messages come more than once, and each text is validated once.
  const messagesOf = new Map<string, number[]>()
  envelopes.forEach((envelope, index) => {
    if (envelope) messagesOf.set(envelope.source, [...(messagesOf.get(envelope.source) ?? []), index])
  })
  const judge = async (requirement: string, expected: string, sources: string[], dir?: string) => {
    const issues = await bySchema(sources, dir === undefined ? {} : { officialDir: dir })
    // What the other checks of the validation find, checkMessages has reported already.
    const against = (source: string) => issues.get(source)?.filter(({ check }) => check === 'schema') ?? []
    for (const source of sources) {
      const found = against(source)
      for (const message of messagesOf.get(source) ?? []) {
        record.message = message
        record.held(requirement)
        const more = found.length > 1 ? ` (and ${found.length - 1} more)` : ''
        if (found[0]) record.violated(requirement, expected, found[0].message + more, found[0])
      }
    }
    return sources.filter((source) => against(source).length === 0)
  }
  const valid = await judge('UNI-SCHEMA-001', 'a message that its schema allows', [...messagesOf.keys()])
  if (officialDir !== undefined) {
    await judge('UNI-SCHEMA-002', 'a message that the official schema allows', valid, officialDir)
  }
}
