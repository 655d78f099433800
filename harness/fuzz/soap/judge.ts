import type { Exchange } from '../../acs/acs.ts'
import type { CwmpFault } from '../../cwmp/cwmp.ts'
import type { Level } from '../../report/verdict.ts'
import type { Outcome, Wrong } from '../campaign/field.ts'
import type { Expectation } from '../oracle/soap-oracle.ts'
import type { SoapCase } from './case.ts'
import type { Said } from './line.ts'
import type { Rendered } from './render.ts'

/**
 * Holds what the device made of a case against what it may; `wanted` is undefined where nobody knows what the case says.
 * @param mayRestart something was granted with Status 1 in this session, for which the device may restart when it is over (A.3.2.1)
 */
export function judge(
  { rpc }: SoapCase,
  wanted: Expectation | undefined,
  message: Rendered,
  said: Said,
  mayRestart = false,
): Outcome {
  const { clause, level } = wanted ?? { clause: 'TR-069 3.7.1.4', level: 'MUST' }
  const all = wanted ? permitted(rpc, wanted) : ['any answer, or the session given up as unsuccessful']
  const outcome = (
    answer: string,
    kind: Wrong['kind'],
    actual: string,
    severity: Level = 'MUST',
  ): Outcome => ({
    answer,
    wrong: { kind, expected: all, actual, clause, level: severity },
  })
  switch (said.how) {
    case 'silent':
      return outcome('nothing', 'hang', `nothing within ${Math.round(said.afterMs)} ms`)
    case 'gone':
      return outcome('gone', 'crash', said.what)
    case 'ended': {
      const events = said.events.join(', ')
      const isBoot = said.events.includes('1 BOOT')
      if (said.events.includes('0 BOOTSTRAP') || (isBoot && !mayRestart))
        return outcome('restarted', 'crash', `an Inform with ${events}`)
      // RetryCount after a restart is open (TR-069 3.2.1.1).
      if (!said.isRetry && !isBoot)
        return outcome('new session', 'answer', `a new Inform with RetryCount 0 and ${events}`, level)
      if (wanted?.permits.has('ends') ?? true) return { answer: 'session ended' }
      return outcome('session ended', 'answer', 'the session given up as unsuccessful', level)
    }
  }
  const { exchange } = said
  const answer = answerName(exchange)
  if (answer === 'no envelope') return outcome(answer, 'answer', exchange.description)
  if (!wanted) return { answer }
  if (!isPermitted(answer, rpc, wanted) && !isHeaderFault(exchange, wanted))
    return outcome(answer, 'answer', exchange.description, level)
  const fault = exchange.envelope?.fault
  const wrong =
    judgeId(exchange, message) ?? (answer === '9003' && fault ? judgeParameters(fault, wanted) : undefined)
  return { answer, ...(wrong && { wrong }) }
}

/** The class of what the device said: `9005`, `GetParameterValuesResponse`, `SOAP fault Client`, `empty POST` … */
function answerName({ body, envelope, method }: Exchange): string {
  if (method !== 'POST') return method
  if (body.length === 0) return 'empty POST'
  if (!envelope) return 'no envelope'
  const { fault, kind, name } = envelope
  if (fault) return fault.cwmpDetail ? String(fault.faultCode) : `SOAP fault ${fault.soapFaultCode}`
  return kind === 'response' ? `${name}Response` : `request ${name}`
}

/** Whether that is one of the answers that the table has for the request. */
function isPermitted(answer: string, rpc: string, { permits }: Pick<Expectation, 'permits'>): boolean {
  if (/^\d+$/.test(answer)) {
    const isVendors = Number(answer) >= 9800 && Number(answer) <= 9899
    return permits.has(answer) || (isVendors && permits.has('vendor'))
  }
  if (answer === `${rpc}Response`) return permits.has('response')
  if (answer === 'empty POST') return permits.has('empty')
  if (!answer.startsWith('SOAP fault ')) return false
  return permits.has('SOAP fault') || permits.has(answer.slice('SOAP fault '.length))
}

/** A fault that SOAP has a code of its own for may have a cwmp:Fault besides (SOAP 1.1 section 4.4). */
function isHeaderFault({ envelope }: Exchange, { permits }: Pick<Expectation, 'permits'>): boolean {
  const code = envelope?.fault?.soapFaultCode
  return (code === 'MustUnderstand' || code === 'VersionMismatch') && permits.has(code)
}

/** All answers that would have been right, for people. */
function permitted(rpc: string, { permits }: Expectation): string[] {
  const words: Readonly<Record<string, string>> = {
    response: `${rpc}Response`,
    ends: 'the session to be given up as unsuccessful',
    empty: 'an empty POST',
    vendor: "a vendor's fault code",
    'SOAP fault': 'a SOAP fault',
    MustUnderstand: 'a SOAP fault MustUnderstand',
    VersionMismatch: 'a SOAP fault VersionMismatch',
  }
  return [...permits].map((permit) => words[permit] ?? `fault ${permit}`)
}

/** Holds the SetParameterValuesFaults of a 9003 against the parameters that are in error, where it is known which. */
function judgeParameters(
  { setParameterValuesFaults: listed }: CwmpFault,
  { parameters, clause, level }: Expectation,
): Wrong | undefined {
  if (!parameters) return undefined
  const expected = [...parameters].map(
    ([name, { codes, isSure }]) => `${isSure ? '' : 'perhaps '}${[...codes].join(' or ')} for ${brief(name)}`,
  )
  const wrong = (actual: string): Wrong => ({ kind: 'answer', expected, actual, clause, level })
  for (const { ParameterName, FaultCode } of listed) {
    const own = parameters.get(ParameterName)
    const isOwn = own?.codes.has(FaultCode) || FaultCode === 9001 || FaultCode === 9002 || FaultCode >= 9800
    if (!own || !isOwn) return wrong(`9003 with ${FaultCode} for ${brief(ParameterName)}`)
  }
  const names = new Set(listed.map(({ ParameterName }) => ParameterName))
  const missing = [...parameters].find(([name, { isSure }]) => isSure && !names.has(name))
  if (missing) return wrong(`9003 without an entry for ${brief(missing[0])}`)
  return names.size > 0 ? undefined : wrong('9003 without any entry')
}

/** Holds the cwmp:ID of the answer against that of the request. */
function judgeId(exchange: Exchange, { ids }: Rendered): Wrong | undefined {
  const { envelope } = exchange
  // A plain SOAP fault need not repeat it.
  if (!envelope || ids.length === 0 || (envelope.fault && !envelope.fault.cwmpDetail)) return undefined
  if (ids.includes(envelope.id)) return undefined
  const named = (id: string | undefined) =>
    id === undefined ? 'no cwmp:ID' : `cwmp:ID ${brief(JSON.stringify(id))}`
  return {
    kind: 'answer',
    expected: ids.map(named),
    actual: `${answerName(exchange)} with ${named(envelope.id)}`,
    clause: 'TR-069 3.5',
    level: 'MUST',
  }
}

function brief(text: string): string {
  return text.length > 120 ? `${text.slice(0, 120)}… (${text.length} characters)` : text
}
