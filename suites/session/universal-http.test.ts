import { test } from '../../harness/conformance.ts'
import { holds } from './conversation.ts'

test('UNI-HTTP-001 posts its messages', {
  meta: { id: 'UNI-HTTP-001' },
}, async ({ cpe, signal, skip, task }) => {
  await holds('UNI-HTTP-001', { cpe, signal, skip, task })
})

test('UNI-HTTP-002 speaks HTTP/1.1', {
  meta: { id: 'UNI-HTTP-002' },
}, async ({ cpe, signal, skip, task }) => {
  await holds('UNI-HTTP-002', { cpe, signal, skip, task })
})

test('UNI-HTTP-003 has one Host header in each request', {
  meta: { id: 'UNI-HTTP-003' },
}, async ({ cpe, signal, skip, task }) => {
  await holds('UNI-HTTP-003', { cpe, signal, skip, task })
})

test('UNI-HTTP-004 has no Content-Type on an empty POST', {
  meta: { id: 'UNI-HTTP-004' },
}, async ({ cpe, signal, skip, task }) => {
  await holds('UNI-HTTP-004', { cpe, signal, skip, task })
})

test('UNI-HTTP-005 has no SOAPAction on an empty POST', {
  meta: { id: 'UNI-HTTP-005' },
}, async ({ cpe, signal, skip, task }) => {
  await holds('UNI-HTTP-005', { cpe, signal, skip, task })
})

test('UNI-HTTP-006 says by Content-Length that an empty POST is empty', {
  meta: { id: 'UNI-HTTP-006' },
}, async ({ cpe, signal, skip, task }) => {
  await holds('UNI-HTTP-006', { cpe, signal, skip, task })
})

test('UNI-HTTP-007 has the Content-Type text/xml on envelopes', {
  meta: { id: 'UNI-HTTP-007' },
}, async ({ cpe, signal, skip, task }) => {
  await holds('UNI-HTTP-007', { cpe, signal, skip, task })
})

test('UNI-HTTP-008 names no other charset than utf-8', {
  meta: { id: 'UNI-HTTP-008' },
}, async ({ cpe, signal, skip, task }) => {
  await holds('UNI-HTTP-008', { cpe, signal, skip, task })
})

test('UNI-HTTP-009 has a SOAPAction header on responses and faults', {
  meta: { id: 'UNI-HTTP-009' },
}, async ({ cpe, signal, skip, task }) => {
  await holds('UNI-HTTP-009', { cpe, signal, skip, task })
})

test('UNI-HTTP-010 leaves the SOAPAction of responses and faults empty', {
  meta: { id: 'UNI-HTTP-010' },
}, async ({ cpe, signal, skip, task }) => {
  await holds('UNI-HTTP-010', { cpe, signal, skip, task })
})

test('UNI-HTTP-011 has a SOAPAction header on requests', {
  meta: { id: 'UNI-HTTP-011' },
}, async ({ cpe, signal, skip, task }) => {
  await holds('UNI-HTTP-011', { cpe, signal, skip, task })
})
