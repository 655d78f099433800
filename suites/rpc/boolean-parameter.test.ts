import type { AcsSession } from '../../harness/acs/acs.ts'
import { expect, granted, test } from '../../harness/conformance.ts'
import { isFault } from '../../harness/cwmp/cwmp.ts'
import { readOne } from './parameter-tree.ts'
import {
  aBoolean,
  assertReads,
  type Bench,
  keepValues,
  refusedAnyhow,
  refusedFor,
  setValues,
  whereInForce,
} from './values.ts'

/** Turns a parameter to the given state, by the digit or by the word, whichever the device takes. */
async function turn(bench: Pick<Bench, 'cpe' | 'session'>, path: string, on: boolean): Promise<AcsSession> {
  const byDigit = await setValues(bench.session, [aBoolean(path, on ? '1' : '0')])
  const answer = isFault(byDigit)
    ? granted(await setValues(bench.session, [aBoolean(path, on ? 'true' : 'false')]))
    : byDigit
  return whereInForce(bench, answer)
}

test('RPC-BOOL-001 takes 0 as false', {
  meta: { id: 'RPC-BOOL-001' },
}, async ({ cpe, session, restore, pixit }) => {
  const { path } = pixit.parameters.writableBoolean
  await keepValues({ cpe, session, restore }, path)
  const next = await turn({ cpe, session }, path, true)

  const answer = granted(await setValues(next, [aBoolean(path, '0')]))

  const later = await whereInForce({ cpe, session: next }, answer)
  await assertReads(later, [aBoolean(path, 'false')])
})

test('RPC-BOOL-002 takes 1 as true', {
  meta: { id: 'RPC-BOOL-002' },
}, async ({ cpe, session, restore, pixit }) => {
  const { path } = pixit.parameters.writableBoolean
  await keepValues({ cpe, session, restore }, path)
  const next = await turn({ cpe, session }, path, false)

  const answer = granted(await setValues(next, [aBoolean(path, '1')]))

  const later = await whereInForce({ cpe, session: next }, answer)
  await assertReads(later, [aBoolean(path, 'true')])
})

test('RPC-BOOL-003 takes the word false', {
  meta: { id: 'RPC-BOOL-003' },
}, async ({ cpe, session, restore, pixit }) => {
  const { path } = pixit.parameters.writableBoolean
  await keepValues({ cpe, session, restore }, path)
  const next = await turn({ cpe, session }, path, true)

  const answer = granted(await setValues(next, [aBoolean(path, 'false')]))

  const later = await whereInForce({ cpe, session: next }, answer)
  await assertReads(later, [aBoolean(path, 'false')])
})

test('RPC-BOOL-004 takes the word true', {
  meta: { id: 'RPC-BOOL-004' },
}, async ({ cpe, session, restore, pixit }) => {
  const { path } = pixit.parameters.writableBoolean
  await keepValues({ cpe, session, restore }, path)
  const next = await turn({ cpe, session }, path, false)

  const answer = granted(await setValues(next, [aBoolean(path, 'true')]))

  const later = await whereInForce({ cpe, session: next }, answer)
  await assertReads(later, [aBoolean(path, 'true')])
})

test('RPC-BOOL-005 refuses what is no boolean with 9006 or 9007 inside 9003', {
  meta: { id: 'RPC-BOOL-005' },
}, async ({ cpe, session, restore, pixit }) => {
  const { path } = pixit.parameters.writableBoolean
  await keepValues({ cpe, session, restore }, path)

  for (const value of ['', '2', '-1', 'yes', 'on']) {
    const answer = await setValues(session, [aBoolean(path, value)])
    refusedFor(answer, { [path]: [9006, 9007] }, `"${value}"`)
  }
})

test('RPC-BOOL-006 refuses true and false in capital letters', {
  meta: { id: 'RPC-BOOL-006' },
}, async ({ cpe, session, restore, pixit }) => {
  const { path } = pixit.parameters.writableBoolean
  await keepValues({ cpe, session, restore }, path)

  for (const value of ['TRUE', 'True', 'FALSE']) {
    refusedAnyhow(await setValues(session, [aBoolean(path, value)]))
  }
})

test('RPC-BOOL-007 reads back as one of the four forms under xsd:boolean', {
  meta: { id: 'RPC-BOOL-007' },
}, async ({ session, pixit }) => {
  const { path } = pixit.parameters.writableBoolean

  const { Value, type } = await readOne(session, path)

  expect(['0', '1', 'true', 'false'], path).toContain(Value)
  expect(['xsd:boolean', 'soapenc:boolean'], `xsi:type of ${path}`).toContain(type)
})
