import { MESSAGES, type RpcName } from './messages.ts'
import { AT_1_0, AT_1_1, good, request, response, type TableEntry } from './table-entry.ts'
import { envelopes, faults, headers, tolerated } from './table-envelopes.ts'
import { inform, parameters, softwareModules, transfers } from './table-messages.ts'

const everySample = Object.keys(MESSAGES).flatMap((key) => {
  const name = key as RpcName
  return [good(name, request(name)), good(`${name}Response`, response(name))]
})
const everySampleOf1_0 = Object.keys(MESSAGES)
  .map((key) => key as RpcName)
  .filter((name) => MESSAGES[name].since === '1.0')
  .flatMap((name) => [
    good(`${name} of 1.0`, request(name, AT_1_0)),
    good(`${name} of 1.1`, request(name, AT_1_1)),
    good(`${name}Response of 1.0`, response(name, AT_1_0)),
  ])

/** Every entry once, under a name of its own. */
export const ENVELOPE_TABLE: readonly TableEntry[] = [
  ...everySample,
  ...everySampleOf1_0,
  ...tolerated,
  ...headers,
  ...envelopes,
  ...inform,
  ...parameters,
  ...transfers,
  ...softwareModules,
  ...faults,
]
