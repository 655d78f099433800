import { test } from '../../harness/conformance.ts'
import { holds } from './conversation.ts'

test('UNI-INFORM-001 sends MaxEnvelopes 1', {
  meta: { id: 'UNI-INFORM-001' },
}, async ({ cpe, signal, skip, task }) => {
  await holds('UNI-INFORM-001', { cpe, signal, skip, task })
})

test('UNI-INFORM-002 writes CurrentTime as ISO 8601', {
  meta: { id: 'UNI-INFORM-002' },
}, async ({ cpe, signal, skip, task }) => {
  await holds('UNI-INFORM-002', { cpe, signal, skip, task })
})

test('UNI-INFORM-003 says the time zone of CurrentTime', {
  meta: { id: 'UNI-INFORM-003' },
}, async ({ cpe, signal, skip, task }) => {
  await holds('UNI-INFORM-003', { cpe, signal, skip, task })
})

test('UNI-INFORM-004 has every forced parameter in the Inform', {
  meta: { id: 'UNI-INFORM-004' },
}, async ({ cpe, signal, skip, task }) => {
  await holds('UNI-INFORM-004', { cpe, signal, skip, task })
})

test('UNI-INFORM-005 has ExternalIPAddress in the Inform of an InternetGatewayDevice', {
  meta: { id: 'UNI-INFORM-005' },
}, async ({ cpe, signal, skip, task }) => {
  await holds('UNI-INFORM-005', { cpe, signal, skip, task })
})

test('UNI-INFORM-006 has no parameter twice in the Inform', {
  meta: { id: 'UNI-INFORM-006' },
}, async ({ cpe, signal, skip, task }) => {
  await holds('UNI-INFORM-006', { cpe, signal, skip, task })
})

test('UNI-INFORM-007 names the parameters of the Inform in full', {
  meta: { id: 'UNI-INFORM-007' },
}, async ({ cpe, signal, skip, task }) => {
  await holds('UNI-INFORM-007', { cpe, signal, skip, task })
})

test('UNI-INFORM-008 has no parameters in the Inform that nothing put there', {
  meta: { id: 'UNI-INFORM-008' },
}, async ({ cpe, signal, skip, task }) => {
  await holds('UNI-INFORM-008', { cpe, signal, skip, task })
})

test('UNI-INFORM-009 has RootDataModelVersion in the Inform, whatever CWMP it speaks', {
  meta: { id: 'UNI-INFORM-009' },
}, async ({ cpe, signal, skip, task }) => {
  await holds('UNI-INFORM-009', { cpe, signal, skip, task })
})

test('UNI-INFORM-010 tells no password in the Inform', {
  meta: { id: 'UNI-INFORM-010' },
}, async ({ cpe, signal, skip, task }) => {
  await holds('UNI-INFORM-010', { cpe, signal, skip, task })
})

test('UNI-EVENT-001 tells at least one event', {
  meta: { id: 'UNI-EVENT-001' },
}, async ({ cpe, signal, skip, task }) => {
  await holds('UNI-EVENT-001', { cpe, signal, skip, task })
})

test('UNI-EVENT-002 spells standard events as the standard does', {
  meta: { id: 'UNI-EVENT-002' },
}, async ({ cpe, signal, skip, task }) => {
  await holds('UNI-EVENT-002', { cpe, signal, skip, task })
})

test('UNI-EVENT-003 tells single events once', {
  meta: { id: 'UNI-EVENT-003' },
}, async ({ cpe, signal, skip, task }) => {
  await holds('UNI-EVENT-003', { cpe, signal, skip, task })
})

test('UNI-EVENT-004 leaves the CommandKey of other events empty', {
  meta: { id: 'UNI-EVENT-004' },
}, async ({ cpe, signal, skip, task }) => {
  await holds('UNI-EVENT-004', { cpe, signal, skip, task })
})

test('UNI-EVENT-005 keeps CommandKeys within 32 characters', {
  meta: { id: 'UNI-EVENT-005' },
}, async ({ cpe, signal, skip, task }) => {
  await holds('UNI-EVENT-005', { cpe, signal, skip, task })
})

test('UNI-EVENT-006 tells the event of a method with the one that it belongs to', {
  meta: { id: 'UNI-EVENT-006' },
}, async ({ cpe, signal, skip, task }) => {
  await holds('UNI-EVENT-006', { cpe, signal, skip, task })
})

test('UNI-EVENT-007 tells completions with the method that caused them', {
  meta: { id: 'UNI-EVENT-007' },
}, async ({ cpe, signal, skip, task }) => {
  await holds('UNI-EVENT-007', { cpe, signal, skip, task })
})

test('UNI-EVENT-008 tells only events that are defined', {
  meta: { id: 'UNI-EVENT-008' },
}, async ({ cpe, signal, skip, task }) => {
  await holds('UNI-EVENT-008', { cpe, signal, skip, task })
})

test('UNI-EVENT-009 tells 14 HEARTBEAT alone', {
  meta: { id: 'UNI-EVENT-009' },
}, async ({ cpe, signal, skip, task }) => {
  await holds('UNI-EVENT-009', { cpe, signal, skip, task })
})
