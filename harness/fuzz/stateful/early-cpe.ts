import type { Contact } from './line.ts'
import { ModelCpe } from './model-cpe.ts'

/** A device whose Inform is on its way as soon as there is a reason for it, with what was known then. */
export class EarlyCpe extends ModelCpe {
  early: Contact | undefined
  isOut = false
  override async nextContact(withinMs: number) {
    this.isOut = false
    const contact = this.early ?? (await super.nextContact(withinMs))
    this.early = undefined
    this.isOut = true
    return contact
  }
  override acknowledged(...told: Parameters<ModelCpe['acknowledged']>) {
    super.acknowledged(...told)
    this.isOut = false
  }
  override failed() {
    super.failed()
    this.isOut = false
  }
  override async setLocally(name: string, value: string) {
    await super.setLocally(name, value)
    this.begin()
  }
  override async call() {
    const result = await super.call()
    this.begin()
    return result
  }
  override ended() {
    super.ended()
    this.begin()
  }
  override async powerCycle() {
    this.early = undefined
    await super.powerCycle()
    this.begin()
  }
  override async factoryReset() {
    this.early = undefined
    await super.factoryReset()
    this.begin()
  }
  override askedAgain(session: Contact) {
    this.early = session
  }
  begin() {
    this.runTimers()
    if (!this.isInSession && !this.isOut && this.hasReason) this.early ??= this.open()
  }
}
