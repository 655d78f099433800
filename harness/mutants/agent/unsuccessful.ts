import { alterStateAtBoot } from './alter/writing.ts'
import type { Mutant } from './mutant.ts'

export const mutants: readonly Mutant[] = [
  {
    name: 'retry-count-forgotten-at-boot',
    cases: ['SES-RETRY-006'],
    breaks: 'begins with RetryCount 0 after a reboot although its last session was unsuccessful',
    apply: (parts) => alterStateAtBoot(parts, 'retry', () => undefined),
  },
]
