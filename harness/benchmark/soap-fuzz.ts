import { tmpdir } from 'node:os'
import fc from 'fast-check'
import type { TranscriptEntry } from '../cwmp/transcript.ts'
import { loadProfile, makeStateDir, openDut, type Profile, removeStateDir } from '../dut/dut.ts'
import { expectNoFindings, runCampaign } from '../fuzz/campaign/campaign.ts'
import type { FuzzArena, Outcome } from '../fuzz/campaign/field.ts'
import { render, SoapArena, type SoapCase, type SoapTarget, soapLanguage } from '../fuzz/soap/soap-fuzz.ts'
import { TestBed } from '../testbed/testbed.ts'
import { BareAcs } from './bare-acs.ts'
import type { Measurement } from './cli.ts'
import { median } from './median.ts'

/** Cases that are met in a row, and their bodies then said barely: few, so that whatever else the machine does slows both sides down alike. */
const SLICE = 100
/** Cases of a round: as many as a campaign settles together. */
const ROUND = 1000
/** Rounds before the first that counts: until then the engine still compiles, on either side. */
const WARM_UP = 2
/** Cases that count, unless the environment variable CWMP_BENCH_CASES says how many. */
const CASES = 10_000
/** Rounds of as many cases that are only generated. */
const GENERATIONS = 9

/** Of one round. */
interface Round {
  readonly oursMs: number
  readonly bareMs: number
  /** Requests of the device for all cases: more than one for each, for what a case may have changed is read again. */
  readonly trips: number
}

const NOTHING: Round = { oursMs: 0, bareMs: 0, trips: 0 }

/**
 * Random SOAP cases per second end to end (generated, sent, judged, answers held against the schemas) against bare round trips of the very
 * same bodies to another device of the same kind, slice by slice in turns; how fast cases are generated against how fast they are sent; and
 * what the last tenth of the cases cost, measured by the bare side, against the first.
 */
export async function measureSoapFuzz(progress: (line: string) => void): Promise<Measurement[]> {
  const profile = await loadProfile()
  const cases = Number(process.env.CWMP_BENCH_CASES ?? CASES)
  const rounds = WARM_UP + Math.max(2, Math.ceil(cases / ROUND))
  return await withBareDevice(profile, async (bare) => {
    const bed = await TestBed.start(profile)
    try {
      const { signal } = new AbortController()
      const soap = await SoapArena.open(bed, signal)
      const arena = new InTurns(soap, bare, ({ oursMs, bareMs, trips }) =>
        progress(
          `  round ${arena.rounds.length} of ${rounds}: ours ${perSecond(oursMs)}/s with ${trips / ROUND} round trips each, bare ${perSecond(bareMs)}/s`,
        ),
      )
      const result = await runCampaign(soapLanguage(soap.target, 'mutation'), arena, {
        id: 'FUZZ-SOAP-002',
        phases: ['mutation'],
        budget: { cases: rounds * ROUND },
        seed: 1,
        outDir: tmpdir(),
        signal,
      })
      await arena.turn()
      expectNoFindings(result)
      await arena.close()
      return measurementsOf(arena.rounds.slice(WARM_UP), generated(soap.target))
    } finally {
      await bed.close()
    }
  })
}

function measurementsOf(rounds: readonly Round[], generatedPerSecond: number): Measurement[] {
  const share = (part: readonly Round[]) => median(part.map(({ oursMs, bareMs }) => bareMs / oursMs))
  const ours = perSecond(median(rounds.map(({ oursMs }) => oursMs)))
  const bare = perSecond(median(rounds.map(({ bareMs }) => bareMs)))
  const tenth = Math.ceil(rounds.length / 10)
  const [first, last] = [share(rounds.slice(0, tenth)), share(rounds.slice(-tenth))]
  const unit = 'cases/s'
  return [
    { name: 'soap-fuzz', unit, ours, bare, ratio: share(rounds) },
    { name: 'soap-generate', unit, ours: generatedPerSecond, bare, ratio: generatedPerSecond / bare },
    { name: 'soap-flat', unit: '% of bare', ours: last * 100, bare: first * 100, ratio: last / first },
  ]
}

/** How many cases of a round that is so long. */
function perSecond(roundMs: number): number {
  return Math.round((ROUND * 1000) / roundMs)
}

/** Cases made and written per second, and thrown away. */
function generated(target: SoapTarget): number {
  const { mutation } = soapLanguage(target, 'mutation')
  const bindings = { id: 'fuzz 1', row: '1', lure: 'http://127.0.0.1:9/lure' }
  const speeds = Array.from({ length: GENERATIONS }, (_, seed) => {
    const began = performance.now()
    for (const one of fc.sample(mutation, { seed, numRuns: ROUND })) render(one, target, bindings)
    return perSecond(performance.now() - began)
  })
  return median(speeds)
}

function isRequestHead({ kind, direction }: TranscriptEntry): boolean {
  return kind === 'http-head' && direction === 'cpe→acs'
}

/** An arena that lets the bare side say, after each slice of cases, what they were sent as. */
class InTurns implements FuzzArena<SoapCase> {
  readonly rounds: Round[] = []
  readonly #arena: SoapArena
  readonly #bare: BareAcs
  readonly #told: (round: Round) => void
  #bodies: (string | Uint8Array)[] = []
  #round = NOTHING
  #slices = 0
  #mark: number
  #began = performance.now()

  constructor(arena: SoapArena, bare: BareAcs, told: (round: Round) => void) {
    this.#arena = arena
    this.#bare = bare
    this.#told = told
    this.#mark = arena.transcript.mark()
  }

  get transcript() {
    return this.#arena.transcript
  }

  get state() {
    return this.#arena.state
  }

  async meet(one: SoapCase, signal: AbortSignal): Promise<Outcome> {
    // Not before the campaign has done everything with the latest case that it does.
    if (this.#bodies.length === SLICE) await this.turn()
    const outcome = await this.#arena.meet(one, signal)
    this.#bodies.push(this.#arena.said)
    return outcome
  }

  /** Ends a slice. */
  async turn(): Promise<void> {
    const met = performance.now()
    await this.#bare.say(this.#bodies)
    const said = performance.now()
    const heads = this.transcript.since(this.#mark).filter(isRequestHead)
    const { oursMs, bareMs, trips } = this.#round
    this.#round = {
      oursMs: oursMs + met - this.#began,
      bareMs: bareMs + said - met,
      trips: trips + heads.length,
    }
    this.#slices += 1
    if (this.#slices * SLICE === ROUND) {
      this.rounds.push(this.#round)
      this.#told(this.#round)
      this.#round = NOTHING
      this.#slices = 0
    }
    this.#bodies = []
    this.#mark = this.transcript.mark()
    this.#began = performance.now()
  }

  settle() {
    return this.#arena.settle()
  }

  restart(): Promise<void> {
    return Promise.reject(new Error('the reference agent has a defect'))
  }

  close(): Promise<void> {
    return this.#arena.close()
  }
}

/** Another reference agent, started as the test bed starts one, whose ACS is bare. */
async function withBareDevice<T>(profile: Profile, work: (bare: BareAcs) => Promise<T>): Promise<T> {
  const { credentials } = profile.pixit
  const { connectionRequestUsername, connectionRequestPassword } = credentials
  const bare = await BareAcs.listen({
    username: connectionRequestUsername,
    password: connectionRequestPassword,
  })
  const stateDir = await makeStateDir()
  const dut = await openDut(profile, { stateDir })
  try {
    await dut.provision({
      acsUrl: bare.url,
      username: credentials.acsUsername,
      password: credentials.acsPassword,
      connectionRequestUsername,
      connectionRequestPassword,
    })
    return await work(bare)
  } finally {
    await bare.close()
    await dut.close()
    await removeStateDir(stateDir)
  }
}
