import { expect, test } from 'vitest'
import { defaultParts } from '../../../reference-agent/agent.ts'
import { loadMutants } from './catalogue.ts'

test('every mutant finds the parts that it replaces', async () => {
  for (const { name, apply } of (await loadMutants()).values())
    expect(() => apply(defaultParts()), name).not.toThrow()
})
