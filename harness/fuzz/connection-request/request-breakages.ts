import { deliveryBreakages } from './delivery-breakages.ts'
import { headerBreakages } from './header-breakages.ts'
import type { CrBreakage } from './request-common.ts'
import { requestLineBreakages } from './request-line-breakages.ts'

/** Everything about a request but its credentials. */
export const requestBreakages: readonly CrBreakage[] = [
  ...requestLineBreakages,
  ...headerBreakages,
  ...deliveryBreakages,
]
