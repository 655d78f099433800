import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { inject, type RunnerTestCase, test as vitestTest } from 'vitest'
import { commandName } from './command-name.ts'
import { HarnessError, Untestable } from './failure.ts'
import type { Budget, CampaignOptions } from './fuzz/campaign/campaign.ts'
import { phases } from './fuzz/campaign/field.ts'
import { startMutant } from './mutants/start.ts'
import { RealPeers } from './peers/peers.ts'
import { loadRequirements } from './requirements/requirements.ts'
import { suiteOfProject } from './suite-names.ts'
import { type AcsSite, startAcsSite } from './testbed/acs-site.ts'
import { startBehindNat } from './testbed/device-behind-nat.ts'
import { keepLastLog, keepLogOfFailed } from './testbed/device-log.ts'
import { beginCase } from './testbed/evidence.ts'
import { startFast } from './testbed/fast-device.ts'
import { ManagedDevice } from './testbed/managed-device.ts'
import type { Restore } from './testbed/session-retries.ts'
import { TestBed } from './testbed/testbed.ts'
import { UniversalLog } from './testbed/universal-log.ts'

export { expect } from 'vitest'
export { ConformanceFailure, DeviceSilent, Untestable } from './failure.ts'
export { describeFault, granted, refused } from './matchers.ts'

const requirements = loadRequirements()

/** What lives as long as the worker: the device on its bench, kept from case to case. */
interface Shelf {
  /** Kept when it rejects, too: an adapter that cannot be opened is not tried again for every case. */
  bed: Promise<TestBed> | undefined
  /** Those in containers, each with a certificate that the device on `bed` trusts. */
  realPeers: RealPeers | undefined
  /** A real ACS; kept when it rejects, too. */
  site: Promise<AcsSite> | undefined
  /** The device that it manages. */
  managed: Promise<ManagedDevice> | undefined
  readonly universal: UniversalLog
}

/**
 * The extended `test` of all suites. A case names the fixtures it uses:
 * - `cpe`: the device on its bench; opens sessions at will
 * - `session`: a session that the device opened at our request, its Inform answered; ended after the case
 * - `acs`, `dut`: the scripted ACS and the adapter · `ics`, `pixit`, `root`: the profile's answers
 * - `atClockRate`: another device of the same kind, in place of `cpe`, whose clock runs so fast; where clocks cannot be hurried,
 *   the device itself, whose profile says how fast its clock is: the case then takes its time
 * - `behindNat`: another device of the same kind, in place of `cpe`, in a private network behind a real NAT
 * - `managed`: the device at a real ACS in place of `cpe`, with what undoes the case's changes; enrolled, and no session under way
 * - `fuzzing`: the options of its campaign as the command line has them
 * - `restore`: takes what has to be undone after the case, passed or failed
 *
 * Transcript, universal checks and recovery of the device come with them.
 */
export const test = vitestTest
  .extend(
    'shelf',
    { scope: 'worker' },
    // biome-ignore lint/correctness/noEmptyPattern: vitest reads the pattern to know which fixtures are needed
    async ({}, { onCleanup }) => {
      const shelf: Shelf = {
        bed: undefined,
        realPeers: undefined,
        site: undefined,
        managed: undefined,
        universal: new UniversalLog(inject('run').outDir),
      }
      onCleanup(async () => {
        try {
          await putBedAway(shelf)
          await shelf.realPeers?.close()
          const managed = await shelf.managed?.catch(() => undefined)
          if (managed) await keepLastLog(managed.dut, true, inject('run'))
          await managed?.close()
          await (await shelf.site?.catch(() => undefined))?.close()
        } finally {
          // The messages of the last cases are validated only now, also where a device cannot be put away.
          await shelf.universal.close()
        }
      })
      return shelf
    },
  )
  .extend('cpe', async ({ shelf, task }, { onCleanup }) => {
    const bench = await takeBench(shelf, task)
    onCleanup(bench.leave)
    checkBench(bench.bed, task)
    return bench.bed
  })
  .extend('atClockRate', async ({ shelf, task }, { onCleanup }) => {
    const undo: (() => Promise<void>)[] = []
    let leave = async (): Promise<void> => {}
    onCleanup(() => leave())
    return async (clockRate: number): Promise<HurriedDevice> => {
      const run = inject('run')
      const isHurried = run.profile.adapter.kind === 'reference'
      const bench = isHurried
        ? benchOf(await startFast(run, task.meta.id ?? '', clockRate), shelf, task)
        : await takeBench(shelf, task)
      leave = async () => {
        // A hurried device is thrown away with all that was set on it.
        if (!isHurried) await bench.bed.undo(undo)
        await bench.leave()
      }
      checkBench(bench.bed, task)
      return { cpe: bench.bed, isNew: isHurried, restore: (step) => void undo.unshift(step) }
    }
  })
  .extend('behindNat', async ({ shelf, task }, { onCleanup }) => {
    let leave = async (): Promise<void> => {}
    onCleanup(() => leave())
    return async (): Promise<TestBed> => {
      const { bed, nat } = await startBehindNat(inject('run'), task.meta.id ?? '')
      const bench = benchOf(bed, shelf, task)
      leave = async () => {
        await bench.leave()
        await nat.close()
      }
      checkBench(bed, task)
      bed.transcript.note(`behind a NAT at ${nat.outside}`)
      return bed
    }
  })
  .extend('managed', async ({ shelf, task }, { onCleanup }) => {
    const undo: (() => Promise<void>)[] = []
    const { device, leave } = await takeManaged(shelf, task)
    onCleanup(async () => {
      await device.undo(undo)
      await leave()
    })
    if (device.dead) throw device.dead
    needAbilities(device.dut, task)
    return { device, restore: (step: () => Promise<void>) => void undo.unshift(step) }
  })
  .extend('fuzzing', ({ task, signal, annotate, skip }): Fuzzing => {
    const run = inject('run')
    const id = task.meta.id ?? ''
    const digest = createHash('sha256').update(`${run.seed} ${id}`).digest()
    const seed = digest.readInt32BE()
    const dut = run.dut === undefined ? '' : ` --dut ${run.dut}`
    const { containerPeer } = suiteOfProject(task.file.projectName ?? '')
    const peers = containerPeer === undefined ? '' : ' --peers containers'
    return {
      options: (usual) => ({
        id,
        phases: run.phases ?? phases,
        budget: run.budget ?? usual,
        seed,
        runSeed: run.seed,
        outDir: run.outDir,
        signal,
        ...(run.shard && { shard: run.shard }),
        ...(run.replay && { replay: run.replay }),
        // Of a mutant nobody wants to know more than that it is found.
        ...(run.mutants[id] !== undefined && { mostFindings: 1, shrinkMs: 0 }),
        reproduce: (file) => `${commandName} --replay ${file}${peers}${dut}`,
        onProgress: (line) => void annotate(line, 'progress'),
        onEnd: (summary) => {
          task.meta.fuzz = summary
          const { length } = summary.unreproduced
          if (length > 0) task.meta.notes = [`seen once, and not again after a restart: ${length}`]
        },
        onNothing: () => skip('no case of this belongs to the phases or the shard that were asked for'),
      }),
    }
  })
  .extend('acs', ({ cpe }) => cpe.acs)
  .extend('dut', ({ cpe }) => cpe.dut)
  .extend('ics', ({ cpe }) => cpe.profile.ics)
  .extend('pixit', ({ cpe }) => cpe.profile.pixit)
  .extend('root', ({ cpe }) => cpe.profile.cwmp.root)
  .extend('restore', async ({ cpe }, { onCleanup }) => {
    const undo: (() => Promise<void>)[] = []
    onCleanup(() => cpe.undo(undo))
    return (step: () => Promise<void>): void => {
      undo.unshift(step)
    }
  })
  .extend('session', ({ cpe, signal }) => cpe.openSession(signal))

interface Fuzzing {
  /** Of the case's one campaign; what it comes to is kept for the report. */
  readonly options: (usual: Budget) => CampaignOptions
}

/** The device of a case that needs hours of it, and how to put back what the case changes. */
interface HurriedDevice {
  readonly cpe: TestBed
  /** As from the factory. */
  readonly isNew: boolean
  readonly restore: Restore
}

interface Bench {
  readonly bed: TestBed
  /** Keeps the case's evidence and makes the bench ready for the next one. */
  readonly leave: () => Promise<void>
}

/** Whether a mutant is detected is the case's own verdict: its messages are not examined besides. */
function evidenceOf(shelf: Shelf, task: Readonly<RunnerTestCase>): Parameters<typeof beginCase>[2] {
  const { outDir, mutants } = inject('run')
  return { outDir, log: mutants[task.meta.id ?? ''] === undefined ? shelf.universal : undefined }
}

/** The worker's bench, or the one with the case's mutant on it. */
async function takeBench(shelf: Shelf, task: Readonly<RunnerTestCase>): Promise<Bench> {
  const run = inject('run')
  const { suite, containerPeer } = suiteOfProject(task.file.projectName ?? '')
  const unavailable = run.peers?.suites[suite]?.unavailable
  if (containerPeer !== undefined && unavailable !== undefined) throw new Untestable(unavailable)
  const mutant = run.mutants[task.meta.id ?? '']
  if (mutant === undefined) shelf.bed ??= TestBed.start(run.profile)
  const bed = mutant === undefined ? await shelf.bed : await startMutant(run.profile, mutant)
  if (!bed) throw new HarnessError('there is no test bed')
  if (containerPeer !== undefined)
    shelf.realPeers ??= new RealPeers({
      authority: bed.authority,
      logFolder: join(run.outDir, 'containers'),
    })
  bed.realPeers = containerPeer === undefined ? undefined : shelf.realPeers
  const evidence = beginCase(task, bed, evidenceOf(shelf, task))
  const leave = async (): Promise<void> => {
    await evidence.keep()
    await keepLogOfFailed(bed.dut, task, run)
    if (mutant !== undefined) await bed.close()
    else await bed.settle(task.result?.state === 'fail')
  }
  return { bed, leave }
}

/** Ends the worker's device on its bench, if it has one; what the device has logged stays. */
async function putBedAway(shelf: Shelf): Promise<void> {
  const bed = await shelf.bed?.catch(() => undefined)
  shelf.bed = undefined
  if (bed) await keepLastLog(bed.dut, false, inject('run'))
  await bed?.close()
}

/** A device that was started for this case alone. */
function benchOf(bed: TestBed, shelf: Shelf, task: Readonly<RunnerTestCase>): Bench {
  const evidence = beginCase(task, bed, evidenceOf(shelf, task))
  const leave = async (): Promise<void> => {
    await evidence.keep()
    await keepLogOfFailed(bed.dut, task, inject('run'))
    await bed.close()
  }
  return { bed, leave }
}

interface ManagedBench {
  readonly device: ManagedDevice
  /** Keeps the case's evidence and makes the device ready for the next one. */
  readonly leave: () => Promise<void>
}

/** The worker's device at the real ACS, or one with the case's mutant. */
async function takeManaged(shelf: Shelf, task: Readonly<RunnerTestCase>): Promise<ManagedBench> {
  const run = inject('run')
  if (run.noRealAcs !== undefined) throw new Untestable(run.noRealAcs)
  shelf.site ??= startAcsSite(run.profile, run.outDir)
  const site = await shelf.site
  const mutant = run.mutants[task.meta.id ?? '']
  if (mutant === undefined) {
    // One device cannot have two managers.
    await putBedAway(shelf)
    shelf.managed ??= ManagedDevice.start(run.profile, site)
  }
  const device =
    mutant === undefined ? await shelf.managed : await ManagedDevice.start(run.profile, site, mutant)
  if (!device) throw new HarnessError('there is no managed device')
  const evidence = beginCase(task, device, evidenceOf(shelf, task))
  const leave = async (): Promise<void> => {
    await evidence.keep()
    await keepLogOfFailed(device.dut, task, run)
    if (mutant !== undefined) await device.close()
    else await device.settle(task.result?.errors ?? [])
  }
  return { device, leave }
}

/** @throws when the bench has no device any more, cannot be made ready, or cannot do what the case's record needs */
function checkBench(bed: TestBed, task: Readonly<RunnerTestCase>): void {
  if (bed.dead) throw bed.dead
  if (bed.obstacle) throw bed.obstacle
  needAbilities(bed.dut, task)
}

function needAbilities(dut: TestBed['dut'], task: Readonly<RunnerTestCase>): void {
  for (const ability of requirements.get(task.meta.id ?? '')?.needs ?? []) {
    if (!dut.supports(ability)) throw new Untestable(`the adapter has no ${ability}`)
  }
}
