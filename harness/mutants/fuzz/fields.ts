import type { Dut, Profile } from '../../dut/dut.ts'
import { HarnessError } from '../../failure.ts'
import { type CampaignOptions, type CampaignResult, runCampaign } from '../../fuzz/campaign/campaign.ts'
import type { FuzzArena, FuzzLanguage } from '../../fuzz/campaign/field.ts'
import {
  ConnectionRequestArena,
  connectionRequests,
  UdpArena,
  udpConnectionRequests,
} from '../../fuzz/connection-request/connection-request-fuzz.ts'
import { HttpArena, httpAnswers } from '../../fuzz/http/http-fuzz.ts'
import { ConfigArena, ControlArena, configurationFiles, controlLines } from '../../fuzz/inputs/inputs-fuzz.ts'
import { SoapArena, soapLanguage } from '../../fuzz/soap/soap-fuzz.ts'
import { openStateful } from '../../fuzz/stateful/stateful.ts'
import { watched } from '../../fuzz/vitals/vitals.ts'
import { fuzzPeers, StanzaArena, stanzaLanguage } from '../../fuzz/xmpp/stanza-fuzz.ts'
import { StreamArena, streamBench, streamLanguage } from '../../fuzz/xmpp/stream/stream-fuzz.ts'
import { scriptedPeer } from '../../peers/peers.ts'
import type { Restore } from '../../testbed/session-retries.ts'
import type { TestBed } from '../../testbed/testbed.ts'
import { domain } from '../../testbed/xmpp-connection.ts'
import type { FuzzedLanguage } from '../agent/mutant.ts'
import { udpLine } from './udp-line.ts'

/** A device ready to be spoken to in a language. */
interface Field {
  run(options: CampaignOptions): Promise<CampaignResult>
  close(): Promise<void>
}

/** What a fuzzing case is given. */
interface Bench {
  readonly cpe: TestBed
  readonly restore: Restore
  readonly signal: AbortSignal
}

/** How the fuzzing case of a language prepares its device. */
export interface Ground {
  /** The case. */
  readonly id: string
  /** How many times as fast the clock of the device runs. */
  readonly clockRate?: number
  /** How long nothing may come is a part of the time for an answer there: the shorter that is, the less is seen. */
  readonly isPatient?: true
  open(bench: Bench): Promise<Field>
}

/** Seconds that a mutant has to let go of what it holds, which it never does. */
const LETTING_GO = 2

function fieldOf<Case>(language: FuzzLanguage<Case>, arena: FuzzArena<Case>, { cpe }: Bench): Field {
  const { dut, profile } = cpe
  const timing = { ...profile.pixit.timing, responseSeconds: LETTING_GO }
  const underWatch = watched(arena, { dut, profile: { ...profile, pixit: { ...profile.pixit, timing } } })
  return {
    run: (options) => runCampaign(language, underWatch, options as CampaignOptions<Case>),
    close: () => underWatch.close(),
  }
}

async function speaksSoap(about: 'arguments' | 'envelope', bench: Bench): Promise<Field> {
  const arena = await SoapArena.open(bench.cpe, bench.signal)
  return fieldOf(soapLanguage(arena.target, about), arena, bench)
}

async function meetsStreams(name: 'xmpp-login' | 'xmpp-stream', bench: Bench): Promise<Field> {
  const arena = new StreamArena(await streamBench(bench.cpe, bench.signal))
  return fieldOf(streamLanguage(name), arena, bench)
}

function inputsOf({ cpe }: Bench): NonNullable<Dut['localInputs']> {
  if (!cpe.dut.localInputs) throw new HarnessError('the reference agent offers no local inputs')
  return cpe.dut.localInputs
}

/** The ground of each language. */
export const grounds: Readonly<Record<FuzzedLanguage, Ground>> = {
  soap: { id: 'FUZZ-SOAP-001', open: (bench) => speaksSoap('arguments', bench) },
  'soap-envelope': { id: 'FUZZ-SOAP-003', open: (bench) => speaksSoap('envelope', bench) },
  http: {
    id: 'FUZZ-HTTP-001',
    clockRate: 15,
    open: async (bench) => {
      const language = httpAnswers()
      return fieldOf(language, await HttpArena.open(bench.cpe, language, bench.restore, bench.signal), bench)
    },
  },
  'connection-request': {
    id: 'FUZZ-CR-001',
    clockRate: 100,
    isPatient: true,
    open: async (bench) => {
      const language = connectionRequests()
      return fieldOf(language, await ConnectionRequestArena.open(bench.cpe, language, bench.signal), bench)
    },
  },
  udp: {
    id: 'FUZZ-UDP-001',
    isPatient: true,
    open: async (bench) => {
      const language = udpConnectionRequests()
      return fieldOf(language, new UdpArena(bench.cpe, language, await udpLine(bench)), bench)
    },
  },
  control: {
    id: 'FUZZ-IN-003',
    open: async (bench) => {
      const language = controlLines()
      return fieldOf(language, new ControlArena(bench.cpe, inputsOf(bench).controlSocket, language), bench)
    },
  },
  configuration: {
    id: 'FUZZ-IN-004',
    open: async (bench) => {
      const language = configurationFiles()
      return fieldOf(language, new ConfigArena(bench.cpe, inputsOf(bench), language), bench)
    },
  },
  xmpp: {
    id: 'XMPP-FUZZ-001',
    open: async (bench) => {
      const { cpe, restore, signal } = bench
      const { host } = cpe.profile.pixit.acs
      const peer = await scriptedPeer(domain, cpe.authority, { host, transcript: cpe.transcript })
      restore(() => peer.close())
      const peers = await fuzzPeers(cpe, peer, signal)
      restore(() => peers.close())
      return fieldOf(stanzaLanguage(peers.target), new StanzaArena(peers), bench)
    },
  },
  'xmpp-login': {
    id: 'FUZZ-XMPP-001',
    clockRate: 20,
    open: (bench) => meetsStreams('xmpp-login', bench),
  },
  'xmpp-stream': {
    id: 'FUZZ-XMPP-002',
    clockRate: 20,
    open: (bench) => meetsStreams('xmpp-stream', bench),
  },
  stateful: {
    id: 'FUZZ-STATE-001',
    clockRate: 20,
    open: async (bench) => {
      const { language, arena } = await openStateful(bench.cpe, 'stateful', bench.signal)
      return fieldOf(language, arena, bench)
    },
  },
}

/** The profile of a device whose clock runs as fast as the ground wants it. */
export function hurried(profile: Profile, { clockRate = 1 }: Ground): Profile {
  return {
    ...profile,
    pixit: { ...profile.pixit, clockRate: Math.max(clockRate, profile.pixit.clockRate) },
  }
}
