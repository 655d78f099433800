import { test } from '../../harness/conformance.ts'
import { holds } from './conversation.ts'

test('UNI-XML-001 sends well-formed XML', {
  meta: { id: 'UNI-XML-001' },
}, async ({ cpe, signal, skip, task }) => {
  await holds('UNI-XML-001', { cpe, signal, skip, task })
})

test('UNI-XML-002 sends UTF-8', {
  meta: { id: 'UNI-XML-002' },
}, async ({ cpe, signal, skip, task }) => {
  await holds('UNI-XML-002', { cpe, signal, skip, task })
})

test('UNI-SOAP-001 sends SOAP envelopes with a Body', {
  meta: { id: 'UNI-SOAP-001' },
}, async ({ cpe, signal, skip, task }) => {
  await holds('UNI-SOAP-001', { cpe, signal, skip, task })
})

test('UNI-SOAP-002 sends one envelope in a message', {
  meta: { id: 'UNI-SOAP-002' },
}, async ({ cpe, signal, skip, task }) => {
  await holds('UNI-SOAP-002', { cpe, signal, skip, task })
})

test('UNI-SOAP-003 has one entry in the Body', {
  meta: { id: 'UNI-SOAP-003' },
}, async ({ cpe, signal, skip, task }) => {
  await holds('UNI-SOAP-003', { cpe, signal, skip, task })
})

test('UNI-SOAP-004 uses a published CWMP namespace', {
  meta: { id: 'UNI-SOAP-004' },
}, async ({ cpe, signal, skip, task }) => {
  await holds('UNI-SOAP-004', { cpe, signal, skip, task })
})

test('UNI-SOAP-005 requests only methods that an ACS has', {
  meta: { id: 'UNI-SOAP-005' },
}, async ({ cpe, signal, skip, task }) => {
  await holds('UNI-SOAP-005', { cpe, signal, skip, task })
})

test('UNI-SCHEMA-001 sends envelopes that their schema allows', {
  meta: { id: 'UNI-SCHEMA-001' },
}, async ({ cpe, signal, skip, task }) => {
  await holds('UNI-SCHEMA-001', { cpe, signal, skip, task })
})

test('UNI-ARRAY-001 counts the members of arrays right', {
  meta: { id: 'UNI-ARRAY-001' },
}, async ({ cpe, signal, skip, task }) => {
  await holds('UNI-ARRAY-001', { cpe, signal, skip, task })
})

test('UNI-ARRAY-002 names the type of arrays', {
  meta: { id: 'UNI-ARRAY-002' },
}, async ({ cpe, signal, skip, task }) => {
  await holds('UNI-ARRAY-002', { cpe, signal, skip, task })
})

test('UNI-TYPE-001 says the type of every value', {
  meta: { id: 'UNI-TYPE-001' },
}, async ({ cpe, signal, skip, task }) => {
  await holds('UNI-TYPE-001', { cpe, signal, skip, task })
})

test('UNI-TYPE-002 gives no element a type that the schema refuses', {
  meta: { id: 'UNI-TYPE-002' },
}, async ({ cpe, signal, skip, task }) => {
  await holds('UNI-TYPE-002', { cpe, signal, skip, task })
})

test('UNI-HEADER-001 gives CWMP headers the mustUnderstand that is fixed for them', {
  meta: { id: 'UNI-HEADER-001' },
}, async ({ cpe, signal, skip, task }) => {
  await holds('UNI-HEADER-001', { cpe, signal, skip, task })
})

test('UNI-HEADER-002 sends no header of the ACS', {
  meta: { id: 'UNI-HEADER-002' },
}, async ({ cpe, signal, skip, task }) => {
  await holds('UNI-HEADER-002', { cpe, signal, skip, task })
})

test('UNI-HEADER-003 sends session headers in the Inform only', {
  meta: { id: 'UNI-HEADER-003' },
}, async ({ cpe, signal, skip, task }) => {
  await holds('UNI-HEADER-003', { cpe, signal, skip, task })
})

test('UNI-HEADER-004 states a SessionTimeout of 30 seconds or more', {
  meta: { id: 'UNI-HEADER-004' },
}, async ({ cpe, signal, skip, task }) => {
  await holds('UNI-HEADER-004', { cpe, signal, skip, task })
})

test('UNI-HEADER-005 lists versions as numbers with commas', {
  meta: { id: 'UNI-HEADER-005' },
}, async ({ cpe, signal, skip, task }) => {
  await holds('UNI-HEADER-005', { cpe, signal, skip, task })
})

test('UNI-ID-001 returns the cwmp:ID of a request', {
  meta: { id: 'UNI-ID-001' },
}, async ({ cpe, signal, skip, task }) => {
  await holds('UNI-ID-001', { cpe, signal, skip, task })
})

test('UNI-ID-002 returns no cwmp:ID where the request has none', {
  meta: { id: 'UNI-ID-002' },
}, async ({ cpe, signal, skip, task }) => {
  await holds('UNI-ID-002', { cpe, signal, skip, task })
})

test('UNI-ANSWER-001 answers each request with its response or a fault', {
  meta: { id: 'UNI-ANSWER-001' },
}, async ({ cpe, signal, skip, task }) => {
  await holds('UNI-ANSWER-001', { cpe, signal, skip, task })
})
