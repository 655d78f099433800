import { expect, test } from 'vitest'
import { type CaseKey, type Clock, keyOf, Progress, type Screen } from './progress.ts'

/** A clock that moves when a test says so. */
class Hand implements Clock {
  #now = 0
  #ticks: (() => void)[] = []
  readonly now = (): number => this.#now
  readonly every = (_: number, tick: () => void): (() => void) => {
    this.#ticks.push(tick)
    return () => {
      this.#ticks = this.#ticks.filter((other) => other !== tick)
    }
  }
  forward(milliseconds: number): void {
    this.#now += milliseconds
    for (const tick of this.#ticks) tick()
  }
  get isWatched(): boolean {
    return this.#ticks.length > 0
  }
}

/** What a reader sees: lines that stay, and the one that is renewed. */
function paper(isTerminal: boolean, columns = 120): Screen & { lines: () => string[]; last: () => string } {
  let written = ''
  const lines = () => written.split('\n').map((line) => line.split('\r\x1b[2K').at(-1) ?? '')
  return {
    isTerminal,
    columns: () => columns,
    write: (text) => {
      written += text
    },
    lines: () => lines().slice(0, -1),
    last: () => lines().at(-1) ?? '',
  }
}

const some = (count: number): CaseKey[] =>
  Array.from({ length: count }, (_, at) => ({ project: 'rpc', id: `RPC-X-${at}` }))

test('on a terminal one line is renewed: how many, how many red, elapsed, remaining, suite and case', () => {
  const [screen, clock] = [paper(true), new Hand()]
  const progress = new Progress(screen, clock)
  const cases = some(100)
  progress.expect(cases)

  for (const subject of cases.slice(0, 20)) {
    progress.begun(subject)
    clock.forward(1000)
    progress.ended(subject, `  ✓ ${subject.id}`, 'nothing')
  }
  progress.begun(cases[20] as CaseKey)

  expect(screen.lines()).toEqual([])
  expect(screen.last()).toBe('  20 of 100 · 20.0 s, about 1 min 20 s left · rpc RPC-X-20')
  progress.ended(cases[20] as CaseKey, '  ✗ RPC-X-20: FAIL', 'red')
  expect(screen.lines()).toEqual(['  ✗ RPC-X-20: FAIL'])
  expect(screen.last()).toContain('21 of 100 · 1 red ·')
})

test('the time goes on while a long case says how far it is', () => {
  const [screen, clock] = [paper(true), new Hand()]
  const progress = new Progress(screen, clock)
  const [one, two] = some(2) as [CaseKey, CaseKey]
  progress.expect([one, two])
  progress.begun(one)
  progress.begun(two)

  progress.said(one, '400 cases met')
  clock.forward(65_000)

  expect(screen.last()).toBe('  0 of 2 · 1 min 5 s · rpc RPC-X-0 … 400 cases met (and 1 more)')
})

test('what remains goes by what the cases took the last time', () => {
  const [screen, clock] = [paper(true), new Hand()]
  const [quick, slow] = some(2) as [CaseKey, CaseKey]
  const progress = new Progress(
    screen,
    clock,
    new Map([
      [keyOf(quick), 1000],
      [keyOf(slow), 60_000],
    ]),
  )
  progress.expect([quick, slow])

  clock.forward(4000)
  progress.ended(quick, '', 'nothing')

  expect(screen.last()).toContain('1 of 2 · 4.0 s, about 4 min left')
})

test('cases that will not come any more are no part of what remains', () => {
  const [screen, clock] = [paper(true), new Hand()]
  const progress = new Progress(screen, clock)
  const [first, ...others] = some(5) as [CaseKey, ...CaseKey[]]
  progress.expect([first, ...others])

  clock.forward(5000)
  progress.ended(first, '', 'nothing')
  progress.forget(others)
  clock.forward(1000)

  expect(screen.last()).toBe('  1 of 1 · 6.0 s')
})

test('the line fits into a narrow terminal', () => {
  const screen = paper(true, 30)
  const progress = new Progress(screen, new Hand())
  progress.expect(some(3))

  progress.begun({ project: 'connection-request', id: 'CRQ-DIGEST-001' })

  expect(screen.last()).toHaveLength(29)
})

test('at the end nothing is left of the line, and nothing ticks', () => {
  const [screen, clock] = [paper(true), new Hand()]
  const progress = new Progress(screen, clock)
  progress.expect(some(3))
  progress.begun(some(1)[0] as CaseKey)

  progress.close()
  clock.forward(5000)

  expect(screen.last()).toBe('')
  expect(clock.isWatched).toBe(false)
})

test('in a log each case of a short run has its line', () => {
  const screen = paper(false)
  const progress = new Progress(screen, new Hand())
  const [first, second] = some(2) as [CaseKey, CaseKey]
  progress.expect([first, second])

  progress.begun(first)
  progress.said(first, '400 cases met')
  progress.ended(first, '  ✓ first', 'nothing')
  progress.ended(second, '  ✗ second', 'red')

  expect(screen.lines()).toEqual(['  … 400 cases met', '  ✓ first', '  ✗ second'])
})

test('in a log a long run has lines for what deserves a look, and twice a minute how far it is', () => {
  const [screen, clock] = [paper(false), new Hand()]
  const progress = new Progress(screen, clock)
  const cases = some(100)
  progress.expect(cases)

  for (const [at, subject] of cases.entries()) {
    clock.forward(1000)
    progress.said(subject, 'half')
    progress.ended(subject, `  line ${at}`, at === 50 ? 'a look' : 'nothing')
  }

  expect(screen.lines()).toEqual([
    '  1 of 100 · 1.0 s',
    '  31 of 100 · 31.0 s, about 1 min 9 s left',
    '  line 50',
    '  61 of 100 · 1 min 1 s, about 39.0 s left',
    '  91 of 100 · 1 min 31 s, about 9.0 s left',
  ])
  expect(screen.last()).toBe('')
})
