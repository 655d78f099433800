import {
  type AcsSession,
  askPatiently,
  type ConnectionRequestResult,
  connectionRequest,
  ScriptedAcs,
} from '../acs/acs.ts'
import { CWMP_1_0, CWMP_1_1, type CwmpVersion } from '../cwmp/cwmp.ts'
import type { Transcript } from '../cwmp/transcript.ts'
import { type DraftBasis, type Dut, makeStateDir, openDut, type Profile, removeStateDir } from '../dut/dut.ts'
import { ConformanceFailure } from '../failure.ts'
import { configure } from '../testbed/enrolment.ts'
import { answerItems, KEPT, type Seen } from './answers.ts'
import { findCandidates } from './candidates.ts'
import { type Asker, Interview } from './interview.ts'
import { keepNotes, type Notes } from './notes.ts'
import { namesBelow, surveyDevice, valuesOf } from './survey.ts'

/** A profile as `dut.json` holds it; `null` where a human has to answer, and `notes` that say what. */
export interface Draft {
  readonly profile: Readonly<Record<string, unknown>> & {
    readonly ics: Readonly<Record<string, boolean | null>>
    readonly notes: Notes
  }
  /** Those of the notes that this draft has made. */
  readonly remarks: Notes
}

/**
 * Brings the device to an ACS of ours and asks it what it has, in two or three sessions. The device is told the credentials for connection requests, and that
 * it need not come periodically, as the suites do; nothing else is set. What stands in the profile already stays; a remark says where the device shows
 * otherwise.
 * @param transcript gets all that is said, and the lines of the device's log
 * @throws {ConformanceFailure} when what comes is no Inform; a {DeviceSilent} when nothing comes within `pixit.timing.bootSeconds`
 * @throws {HarnessError} when the adapter breaks its contract or the port of the ACS is taken
 */
export async function draftProfile(basis: DraftBasis, transcript: Transcript): Promise<Draft> {
  const { profile } = basis
  const { acs: at, timing, credentials } = profile.pixit
  transcript.mask(credentials.acsPassword)
  transcript.mask(credentials.connectionRequestPassword)
  const acs = await ScriptedAcs.listen({
    host: at.host,
    port: at.port,
    publicHost: at.publicHost,
    xmlDeclaration: at.xmlDeclaration,
    soapPrefixes: at.soapPrefixes,
    silenceMs: timing.responseSeconds * 1000,
    transcript,
  })
  const stateDir = await makeStateDir()
  let dut: Dut | undefined
  try {
    dut = await openDut(profile, { stateDir, log: (line) => void transcript.note(`device: ${line}`) })
    return await ask(basis, acs, dut)
  } finally {
    await dut?.close()
    await acs.close()
    await removeStateDir(stateDir)
  }
}

async function ask(basis: DraftBasis, acs: ScriptedAcs, dut: Dut): Promise<Draft> {
  const { profile, written, answers } = basis
  const session = await opened()
  const interview = new Interview(session, async () => {
    await acs.drain()
    return await opened()
  })
  const root = await rootOf(session, interview)
  const told: Profile['cwmp'] = { version: versionOf(session), root }
  await configure(interview, { ...profile, cwmp: told }, false, () => {})
  const survey = await surveyDevice(interview, root)
  const names = await namesBelow(interview, root, false)
  const candidates = await findCandidates(root, names ?? [], async (wanted) => {
    const values = await valuesOf(interview, wanted)
    return new Map(values.map(({ Name, type }) => [Name, type.replace(/^.*[:}]/, '')]))
  })
  const model = (await valuesOf(interview, [`${root}DeviceInfo.ModelName`]))[0]?.Value
  const { DeviceId } = session.inform
  const stated = (name: string) => session.parameters.get(root + name)?.Value
  await interview.end()

  const tried = await tryOut(profile, acs, stated('ManagementServer.ConnectionRequestURL') ?? '')
  // A device that does not list its methods has shown some of them.
  const shown = survey.methods === undefined ? [...interview.known] : []
  const methods = shown.map(([rpc, works]) => [
    rpc,
    { works, words: works ? 'tried: it answered' : 'tried: 9000, method not supported' },
  ])
  const seen: Seen = { names, tried: { ...Object.fromEntries(methods), ...tried } }
  const { ics, notes } = answerItems(survey, seen, answers)
  const given = groupsOf(written.pixit)
  const remarks: Notes = {
    ...notes,
    ...(written.cwmp !== undefined && contradictions(profile.cwmp, told)),
    ...Object.fromEntries(
      [...interview.failures].map(([rpc, words]) => {
        const note = notes[`ics.${rpc}`]
        return [`ics.${rpc}`, note?.startsWith(KEPT) ? `${note}; ${words}` : words]
      }),
    ),
    ...Object.fromEntries(
      // What is written already needs no remark.
      Object.entries(candidates.notes).filter(([key]) => !isWritten(given, key)),
    ),
    ...(ics.FileDownload &&
      groupsOf(given.files).ordinary === undefined && {
        'pixit.files': 'name files that the device takes; without them the cases of transfers are UNTESTABLE',
      }),
  }
  const draft = {
    ...(written.$schema !== undefined && { $schema: written.$schema }),
    product: written.product ?? {
      manufacturer: DeviceId.Manufacturer || '?',
      model: model || DeviceId.ProductClass || '?',
      firmware: stated('DeviceInfo.SoftwareVersion') || '?',
      ...(DeviceId.SerialNumber && { serialNumber: DeviceId.SerialNumber }),
    },
    adapter: written.adapter,
    cwmp: written.cwmp ?? told,
    ics,
    pixit: {
      ...given,
      parameters: { ...candidates.parameters, ...groupsOf(given.parameters) },
      tables: { ...candidates.tables, ...groupsOf(given.tables) },
    },
    ...(written.dataModel !== undefined && { dataModel: written.dataModel }),
    ...(written.watch !== undefined && { watch: written.watch }),
    notes: keepNotes(profile.notes, remarks),
  }
  return { profile: draft, remarks }

  async function opened(): Promise<AcsSession> {
    const { credentials, timing } = profile.pixit
    await dut.provision({
      acsUrl: acs.url,
      username: credentials.acsUsername,
      password: credentials.acsPassword,
      connectionRequestUsername: credentials.connectionRequestUsername,
      connectionRequestPassword: credentials.connectionRequestPassword,
    })
    return await acs.nextSession({ timeoutMs: timing.bootSeconds * 1000 })
  }
}

/** What the device tells of its version and root, where a profile has them otherwise. */
function contradictions(written: Profile['cwmp'], told: Profile['cwmp']): Notes {
  const keys = ['version', 'root'] as const
  return Object.fromEntries(
    keys
      .filter((key) => written[key] !== told[key])
      .map((key) => [`cwmp.${key}`, `${KEPT}${written[key]}; but the device tells ${told[key]}`]),
  )
}

/** The root that the names of the Inform begin with, or the one that GetParameterNames lists. */
async function rootOf(session: AcsSession, asker: Asker): Promise<Profile['cwmp']['root']> {
  const roots = ['Device.', 'InternetGatewayDevice.'] as const
  const stated = [...session.parameters.keys()]
  const byInform = roots.find((root) => stated.some((name) => name.startsWith(root)))
  if (byInform) return byInform
  const listed = await namesBelow(asker, '', true)
  return roots.find((root) => listed?.some(({ Name }) => Name === root)) ?? 'Device.'
}

/** The newest version that the Inform offers, or else the one that its namespace came with. */
function versionOf({ informEnvelope }: AcsSession): CwmpVersion {
  const known: readonly CwmpVersion[] = ['1.4', '1.3', '1.2', '1.1', '1.0']
  const offered = known.find((version) => informEnvelope.supportedCwmpVersions?.includes(version))
  if (offered) return offered
  if (informEnvelope.cwmpNamespace === CWMP_1_0) return '1.0'
  return informEnvelope.cwmpNamespace === CWMP_1_1 ? '1.1' : '1.2'
}

/** Calls the device at its URL, and has it authenticate with SHA-256 in the session that comes of it. */
async function tryOut(profile: Profile, acs: ScriptedAcs, url: string): Promise<Seen['tried']> {
  const { credentials, timing } = profile.pixit
  const obstacle = await calledIn()
  if (obstacle !== undefined) {
    const words = `the bench could not call the device at ${url === '' ? 'its ConnectionRequestURL, which is empty' : `${url}: ${obstacle}`}`
    return { HttpConnectionRequest: { works: false, words } }
  }
  const called = { works: true, words: 'tried: it opened a session' }
  acs.authentication = {
    scheme: 'digest',
    username: credentials.acsUsername,
    password: credentials.acsPassword,
    algorithms: ['SHA-256'],
  }
  const works = (await calledIn()) === undefined
  acs.authentication = { scheme: 'none' }
  const words = `tried: it ${works ? 'came' : 'did not come'} through a challenge with SHA-256 alone`
  return { HttpConnectionRequest: called, DigestSha256: { works, words } }

  /** What stood in the way of a session, if there was none. */
  async function calledIn(): Promise<string | undefined> {
    const timeoutMs = timing.informSeconds * 1000
    try {
      const answer = await askPatiently(
        () =>
          connectionRequest(url, {
            username: credentials.connectionRequestUsername,
            password: credentials.connectionRequestPassword,
            timeoutMs: timing.responseSeconds * 1000,
          }),
        { withinMs: timeoutMs },
      )
      if (answer.status !== 200 && answer.status !== 204) return refusal(answer)
      const session = await acs.nextSession({ timeoutMs })
      await session.end()
      return undefined
    } catch (error) {
      if (!(error instanceof ConformanceFailure)) throw error
      return error.message
    }
  }
}

/** An answer to a connection request that lets nobody in. */
function refusal({ status, answers, challenges }: ConnectionRequestResult): string {
  if (status !== 401) return `it answered with ${status}`
  if (answers.length > 1)
    return 'it answered with 401 to the credentials of pixit.credentials.connectionRequest…'
  const schemes = challenges.map(({ scheme }) => scheme).join(', ')
  return `it answered with 401 and asked for ${schemes || 'nothing'}, where it must ask for Digest`
}

function groupsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}

function isWritten(pixit: Readonly<Record<string, unknown>>, key: string): boolean {
  const [, group = '', entry = ''] = key.split('.')
  return entry in groupsOf(pixit[group])
}
