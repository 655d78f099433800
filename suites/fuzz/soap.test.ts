import { test } from '../../harness/conformance.ts'
import { expectNoFindings, runCampaign } from '../../harness/fuzz/campaign/campaign.ts'
import { SoapArena, soapLanguage } from '../../harness/fuzz/soap/soap-fuzz.ts'

// Each wait has a deadline; how long all of them take is up to the budget.

test('FUZZ-SOAP-001 answers requests with one wrong argument as each may be answered', {
  meta: { id: 'FUZZ-SOAP-001' },
  timeout: 0,
}, async ({ cpe, fuzzing, signal }) => {
  const arena = await SoapArena.open(cpe, signal)
  const language = soapLanguage(arena.target, 'arguments')

  try {
    expectNoFindings(await runCampaign(language, arena, fuzzing.options({ cases: 600 })))
    arena.expectNoGrowth()
  } finally {
    await arena.close()
  }
})

test('FUZZ-SOAP-002 answers requests with any number of things wrong as each may be answered', {
  meta: { id: 'FUZZ-SOAP-002' },
  timeout: 0,
}, async ({ cpe, fuzzing, signal }) => {
  const arena = await SoapArena.open(cpe, signal)
  const language = soapLanguage(arena.target, 'mutation')

  try {
    expectNoFindings(await runCampaign(language, arena, fuzzing.options({ cases: 600 })))
    arena.expectNoGrowth()
  } finally {
    await arena.close()
  }
})

test('FUZZ-SOAP-003 reads, refuses or gives up whatever is around a request, and opens a proper session again', {
  meta: { id: 'FUZZ-SOAP-003' },
  timeout: 0,
}, async ({ cpe, fuzzing, signal }) => {
  const arena = await SoapArena.open(cpe, signal)
  const language = soapLanguage(arena.target, 'envelope')

  try {
    expectNoFindings(await runCampaign(language, arena, fuzzing.options({ cases: 210 })))
    arena.expectNoGrowth()
  } finally {
    await arena.close()
  }
})
