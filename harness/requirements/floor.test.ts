import { expect, test } from 'vitest'
import { loadRequirements } from './requirements.ts'

/** The areas of BBF.069 with how many cases each has there; ours are told by how their ids begin. The last four stand for six whose names are not known. */
const AREAS: readonly [area: string, cases: number, ours: RegExp][] = [
  ['ACS_URL_Behavior', 3, /^URL-/],
  ['Add_Delete', 4, /^RPC-(ADD|DEL)-/],
  ['BooleanParameterConfiguration', 1, /^RPC-BOOL-/],
  ['CWMP_Faults', 3, /^RPC-FLT-/],
  ['DHCP_URL_Discovery', 1, /^DISC-00[127]/],
  ['DHCPv4', 4, /^DISC-00[34568]/],
  ['DHCPv6', 4, /^DISC-01[5-9]/],
  ['Diagnostics', 1, /^TRF-(PING|ROUTE|DOWN|UPL|NAME|ECHO)-/],
  ['Download', 4, /^TRF-(DL|ARG|AUTH|FAIL|FW)-/],
  ['Events_Informs', 9, /^(EVT|INF|NTF)-/],
  ['GetParameterAttributes', 6, /^RPC-GPA-/],
  ['GetParameterNames', 10, /^RPC-GPN-/],
  ['GetParameterValues', 6, /^RPC-GPV-/],
  ['GetRPCMethods', 1, /^RPC-GRM-/],
  ['HTTP_Redirect', 6, /^RDR-/],
  ['HTTP_SOAP', 10, /^(HTTP|SOAP|COOKIE|AUTH)-/],
  ['Optional_RPCs', 7, /^(SCH|RPC-FRS|TRF-(UP|QUE|SCH|CAN|DU))-/],
  ['PeriodicInform', 3, /^PER-/],
  ['Reboot', 2, /^RPC-RBT-/],
  ['Secure_CWMP', 8, /^TLS-/],
  ['sessions', 8, /^SES-/],
  ['SetParameterValues', 8, /^RPC-SPV-/],
  ['SetParameterAttributes', 8, /^RPC-SPA-/],
  ['connection requests and others', 8, /^CRQ-/],
]

/** The cases of TP-181 that need no more than an ACS and a file server. */
const TP_181 = [
  ...['5.1.1', '5.1.4', '5.1.5', '5.1.6', '5.1.9', '5.1.10', '5.1.11', '5.1.12'],
  ...['5.2.2', '5.2.3', '5.2.4', '5.2.5', '5.3.1'],
  ...['5.7.1', '5.7.2', '5.7.3', '5.7.4', '5.7.5', '5.7.6'],
]

const examined = [...loadRequirements().values()].filter(({ excluded, retired }) => !excluded && !retired)

test('BBF.069 has 125 cases in these areas', () => {
  expect(AREAS.reduce((sum, [, cases]) => sum + cases, 0)).toBe(125)
})

test.each(AREAS)('%s has %i cases at least', (_area, cases, ours) => {
  expect(examined.filter(({ id }) => ours.test(id)).length).toBeGreaterThanOrEqual(cases)
})

test('each of the nineteen cases of TP-181 has one of ours', () => {
  const covered = new Set(examined.flatMap(({ xref }) => xref?.tp181?.split(', ') ?? []))

  expect(TP_181).toHaveLength(19)
  expect(TP_181.filter((each) => !covered.has(each))).toEqual([])
})
