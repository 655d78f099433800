import { BreakageLanguage } from '../breakage/breakage.ts'
import { type AnswerMessage, properAnswers } from './answer.ts'
import { cookieBreakages } from './cookie-breakages.ts'
import { headerBreakages } from './header-breakages.ts'
import { lengthBreakages } from './length-breakages.ts'
import type { AnswerRule } from './rules.ts'
import { statusBreakages } from './status-breakages.ts'

/** The fuzzer of the HTTP layer of the ACS's answers. The public face of this folder. */
export { HttpArena } from './arena.ts'

/** Answers of an ACS over HTTP (TR-069 3.4). */
export function httpAnswers(): BreakageLanguage<AnswerMessage, AnswerRule> {
  return new BreakageLanguage('http', properAnswers, [
    ...statusBreakages,
    ...lengthBreakages,
    ...headerBreakages,
    ...cookieBreakages,
  ])
}
