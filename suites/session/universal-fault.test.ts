import { test } from '../../harness/conformance.ts'
import { holds } from './conversation.ts'

test('UNI-FAULT-001 refuses by a SOAP fault with a CWMP fault inside', {
  meta: { id: 'UNI-FAULT-001' },
}, async ({ cpe, signal, skip, task }) => {
  await holds('UNI-FAULT-001', { cpe, signal, skip, task })
})

test('UNI-FAULT-002 says CWMP fault as faultstring', {
  meta: { id: 'UNI-FAULT-002' },
}, async ({ cpe, signal, skip, task }) => {
  await holds('UNI-FAULT-002', { cpe, signal, skip, task })
})

test('UNI-FAULT-003 says Client or Server as the fault code demands', {
  meta: { id: 'UNI-FAULT-003' },
}, async ({ cpe, signal, skip, task }) => {
  await holds('UNI-FAULT-003', { cpe, signal, skip, task })
})

test('UNI-FAULT-004 refuses a method only with codes that it may have', {
  meta: { id: 'UNI-FAULT-004' },
}, async ({ cpe, signal, skip, task }) => {
  await holds('UNI-FAULT-004', { cpe, signal, skip, task })
})

test('UNI-FAULT-005 refuses ScheduleDownload only with codes that it may have', {
  meta: { id: 'UNI-FAULT-005' },
}, async ({ cpe, signal, skip, task }) => {
  await holds('UNI-FAULT-005', { cpe, signal, skip, task })
})

test('UNI-FAULT-006 names single parameters in fault 9003 of SetParameterValues only', {
  meta: { id: 'UNI-FAULT-006' },
}, async ({ cpe, signal, skip, task }) => {
  await holds('UNI-FAULT-006', { cpe, signal, skip, task })
})

test('UNI-FAULT-007 gives single parameters codes that are meant for them', {
  meta: { id: 'UNI-FAULT-007' },
}, async ({ cpe, signal, skip, task }) => {
  await holds('UNI-FAULT-007', { cpe, signal, skip, task })
})
