/** How far a thing has been told: what a power cut leaves open is `perhaps`. */
type Told = 'no' | 'perhaps' | 'yes'

/** Things that the device has to tell exactly once, such as events with their CommandKeys, by name. */
export class ToldOnce {
  /** What they are, for complaints: `M Reboot`. */
  readonly what: string
  readonly #things = new Map<string, { isCertain: boolean; told: Told }>()

  constructor(what: string) {
    this.what = what
  }

  /** The device may have it to tell: it was asked to. */
  asked(name: string): void {
    this.#things.set(name, { isCertain: false, told: 'no' })
  }

  /** The device has confirmed that. */
  confirmed(name: string): void {
    const thing = this.#things.get(name)
    if (thing) thing.isCertain = true
  }

  /** Something newer may have taken the place of everything that was not told: no more than allowed to be told. */
  superseded(): void {
    for (const thing of this.#things.values()) thing.isCertain = false
  }

  /** The device tells it. Returns what is wrong with that, if anything is. */
  tell(name: string): string | undefined {
    const thing = this.#things.get(name)
    if (!thing) return `${this.what} ${name} is told and was never asked for`
    if (thing.told === 'yes') return `${this.what} ${name} is told again after it was acknowledged`
    thing.told = 'perhaps'
    // It has it: why else would it tell.
    thing.isCertain = true
    return undefined
  }

  /** The device has shown that it knows of the acknowledgement. */
  acknowledged(name: string): void {
    const thing = this.#things.get(name)
    if (thing) thing.told = 'yes'
  }

  /** Whether that is done with. */
  isSettled(name: string): boolean {
    return this.#things.get(name)?.told === 'yes'
  }

  /** What the device certainly has to tell and has not told. */
  get owed(): string[] {
    return this.#certain.flatMap(([name, { told }]) => (told === 'no' ? [name] : []))
  }

  /** What it certainly has to tell and no acknowledgement is certain of. */
  get open(): string[] {
    return this.#certain.flatMap(([name, { told }]) => (told === 'yes' ? [] : [name]))
  }

  /** How many were told and acknowledged. */
  get settled(): number {
    return [...this.#things.values()].filter(({ told }) => told === 'yes').length
  }

  get #certain() {
    return [...this.#things].filter(([, { isCertain }]) => isCertain)
  }
}
