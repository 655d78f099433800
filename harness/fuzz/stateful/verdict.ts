import { type CwmpFault, isFault } from '../../cwmp/cwmp.ts'
import { describeFault } from '../../matchers.ts'
import type { Wrong } from '../campaign/field.ts'

/** What the device did that the model does not permit. */
export function wrong(
  kind: Wrong['kind'],
  expected: string | readonly string[],
  actual: string,
  clause: string,
  level: Wrong['level'] = 'MUST',
): Wrong {
  return { kind, expected: typeof expected === 'string' ? [expected] : expected, actual, clause, level }
}

/** Undefined where the request was refused with one of these codes. */
export function mustRefuse(
  answer: object | CwmpFault,
  codes: readonly number[],
  clause: string,
): Wrong | undefined {
  if (isFault(answer) && answer.cwmpDetail && codes.includes(answer.faultCode)) return undefined
  return wrong(
    'answer',
    codes.map((code) => `fault ${code}`),
    isFault(answer) ? describeFault(answer) : 'a response',
    clause,
  )
}
