import type { Profile } from '../../dut/dut.ts'
import { type CampaignOptions, type CampaignResult, runCampaign } from '../../fuzz/campaign/campaign.ts'
import type { FuzzArena, FuzzLanguage } from '../../fuzz/campaign/field.ts'
import {
  ConnectionRequestArena,
  connectionRequests,
} from '../../fuzz/connection-request/connection-request-fuzz.ts'
import type { TestBed } from '../../testbed/testbed.ts'
import type { FuzzedLanguage } from '../agent/mutant.ts'

/** A device ready to be spoken to in a language. */
export interface Field {
  run(options: CampaignOptions): Promise<CampaignResult>
  close(): Promise<void>
}

/** How the fuzzing case of a language prepares its device. */
interface Ground {
  /** The case. */
  readonly id: string
  /** How many times as fast the clock of the device runs. */
  readonly clockRate?: number
  open(bed: TestBed, signal: AbortSignal): Promise<Field>
}

function fieldOf<Case>(
  language: FuzzLanguage<Case>,
  arena: FuzzArena<Case> & { close(): Promise<void> },
): Field {
  return {
    run: (options) => runCampaign(language, arena, options as CampaignOptions<Case>),
    close: () => arena.close(),
  }
}

/** The ground of each language. */
export const grounds: Readonly<Partial<Record<FuzzedLanguage, Ground>>> = {
  'connection-request': {
    id: 'FUZZ-CR-001',
    clockRate: 100,
    open: async (bed, signal) => {
      const language = connectionRequests()
      return fieldOf(language, await ConnectionRequestArena.open(bed, language, signal))
    },
  },
}

/** The profile of a device whose clock runs as fast as the ground wants it. */
export function hurried(profile: Profile, { clockRate = 1 }: Ground): Profile {
  return { ...profile, pixit: { ...profile.pixit, clockRate: Math.max(clockRate, profile.pixit.clockRate) } }
}
