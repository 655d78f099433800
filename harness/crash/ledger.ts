import { ToldOnce } from './once.ts'

/** What the device must have, may have and must not have after a power cut, from what it has confirmed. */
export class Ledger {
  readonly violations: string[] = []
  /** Numbers of which one stands in every value of the last SetParameterValues. */
  #values = new Set([''])
  /** Rows that the device has confirmed and that nobody has asked it to delete. */
  readonly #rows = new Set<number>()
  /** Rows that it may have deleted. */
  readonly #doubtful = new Set<number>()
  readonly #usedNumbers = new Set<number>()
  #unconfirmedRows = 0
  readonly reboots = new ToldOnce('M Reboot')
  readonly transfers = new ToldOnce('TransferComplete')
  readonly schedules = new ToldOnce('M ScheduleInform')
  readonly changes = new ToldOnce('4 VALUE CHANGE to')
  readonly boots = new ToldOnce('1 BOOT of')
  readonly bootstraps = new ToldOnce('0 BOOTSTRAP of')
  /** Values, rows and the like that were found again as they had been confirmed. */
  checks = 0

  violated(what: string | undefined): void {
    if (what !== undefined) this.violations.push(what)
  }

  /** A SetParameterValues that puts one number into several values and the ParameterKey is on its way. */
  settingValues(number: string): void {
    this.#values.add(number)
  }

  /** … and was confirmed. */
  setValues(number: string): void {
    this.#values = new Set([number])
  }

  /** What the device says of these values now. */
  readValues(values: readonly string[]): void {
    this.checks++
    const [first = ''] = values
    if (values.some((value) => value !== first))
      this.violated(`a SetParameterValues is there in part: ${values.join(', ')}`)
    else if (!this.#values.has(first))
      this.violated(
        `the values are ${first || 'empty'}, expected ${[...this.#values].join(' or ') || 'empty'}`,
      )
    this.#values = new Set([first])
  }

  addingRow(): void {
    this.#unconfirmedRows++
  }

  addedRow(number: number): void {
    this.#unconfirmedRows--
    if (this.#usedNumbers.has(number)) this.violated(`the instance number ${number} is given a second time`)
    this.#usedNumbers.add(number)
    this.#rows.add(number)
  }

  /** How many rows there are for certain. */
  get rows(): number {
    return this.#rows.size
  }

  /** A number that may stand in the values now: for requests that set the ParameterKey and nothing else. */
  get someValue(): string {
    return [...this.#values][0] ?? ''
  }

  /** A row that may be deleted; undefined when there is none for certain. */
  get someRow(): number | undefined {
    return this.#rows.values().next().value
  }

  deletingRow(number: number): void {
    this.#rows.delete(number)
    this.#doubtful.add(number)
  }

  deletedRow(number: number): void {
    this.#doubtful.delete(number)
  }

  /** The rows that the device has now. */
  readRows(found: ReadonlySet<number>): void {
    this.checks++
    for (const number of this.#rows) if (!found.has(number)) this.violated(`the row ${number} is lost`)
    for (const number of found) {
      if (this.#rows.has(number) || this.#doubtful.has(number)) continue
      if (this.#usedNumbers.has(number))
        this.violated(`the row ${number} is there again although it was deleted`)
      else if (this.#unconfirmedRows-- <= 0) this.violated(`the row ${number} was never asked for`)
      this.#usedNumbers.add(number)
    }
    this.#unconfirmedRows = 0
    this.#doubtful.clear()
    this.#rows.clear()
    for (const number of found) this.#rows.add(number)
  }
}
