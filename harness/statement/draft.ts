import { type AcsSession, askPatiently, connectionRequest, ScriptedAcs } from '../acs/acs.ts'
import { CWMP_1_0, CWMP_1_1, type CwmpVersion } from '../cwmp/cwmp.ts'
import { Transcript } from '../cwmp/transcript.ts'
import { type DraftBasis, type Dut, makeStateDir, openDut, type Profile, removeStateDir } from '../dut/dut.ts'
import { DeviceSilent } from '../failure.ts'
import { configure } from '../testbed/enrolment.ts'
import { answerItems, type Seen } from './answers.ts'
import { findCandidates } from './candidates.ts'
import { namesBelow, surveyDevice, valuesOf } from './survey.ts'

/** A profile as `dut.json` holds it; `null` where a human has to answer, and `notes` that say what. */
export type Draft = Readonly<Record<string, unknown>> & { readonly notes: Readonly<Record<string, string>> }

/**
 * Brings the device to an ACS of ours and asks it what it has, in two or three sessions. The device is told the credentials for connection requests, and that
 * it need not come periodically, as the suites do; nothing else is set.
 * @throws {DeviceSilent} when it does not come within `pixit.timing.bootSeconds`
 * @throws {HarnessError} when the adapter breaks its contract or the port of the ACS is taken
 */
export async function draftProfile(basis: DraftBasis): Promise<Draft> {
  const { profile } = basis
  const { acs: at, timing } = profile.pixit
  const transcript = new Transcript()
  const acs = await ScriptedAcs.listen({
    host: at.host,
    port: at.port,
    publicHost: at.publicHost,
    xmlDeclaration: at.xmlDeclaration,
    silenceMs: timing.responseSeconds * 1000,
    transcript,
  })
  const stateDir = await makeStateDir()
  let dut: Dut | undefined
  try {
    dut = await openDut(profile, { stateDir })
    return await ask(basis, acs, dut)
  } finally {
    await dut?.close()
    await acs.close()
    await removeStateDir(stateDir)
  }
}

async function ask(basis: DraftBasis, acs: ScriptedAcs, dut: Dut): Promise<Draft> {
  const { profile, written, answers } = basis
  const { credentials, timing } = profile.pixit
  await dut.provision({
    acsUrl: acs.url,
    username: credentials.acsUsername,
    password: credentials.acsPassword,
    connectionRequestUsername: credentials.connectionRequestUsername,
    connectionRequestPassword: credentials.connectionRequestPassword,
  })
  const session = await acs.nextSession({ timeoutMs: timing.bootSeconds * 1000 })
  const root = await rootOf(session)
  const cwmp: Profile['cwmp'] = { version: versionOf(session), root }
  await configure(session, { ...profile, cwmp }, false, () => {})
  const survey = await surveyDevice(session, root)
  const names = await namesBelow(session, root, false)
  const candidates = await findCandidates(root, names ?? [], async (wanted) => {
    const values = await valuesOf(session, wanted)
    return new Map(values.map(({ Name, type }) => [Name, type.replace(/^.*[:}]/, '')]))
  })
  const model = (await valuesOf(session, [`${root}DeviceInfo.ModelName`]))[0]?.Value
  const { DeviceId } = session.inform
  const stated = (name: string) => session.parameters.get(root + name)?.Value
  await session.end()

  const tried = await tryOut(profile, acs, stated('ManagementServer.ConnectionRequestURL') ?? '')
  const { ics, notes } = answerItems(survey, { names, tried }, answers)
  const given = groupsOf(written.pixit)
  return {
    ...(written.$schema !== undefined && { $schema: written.$schema }),
    product: written.product ?? {
      manufacturer: DeviceId.Manufacturer || '?',
      model: model || DeviceId.ProductClass || '?',
      firmware: stated('DeviceInfo.SoftwareVersion') || '?',
      ...(DeviceId.SerialNumber && { serialNumber: DeviceId.SerialNumber }),
    },
    adapter: written.adapter,
    cwmp,
    ics,
    pixit: {
      ...given,
      parameters: { ...candidates.parameters, ...groupsOf(given.parameters) },
      tables: { ...candidates.tables, ...groupsOf(given.tables) },
    },
    ...(written.dataModel !== undefined && { dataModel: written.dataModel }),
    notes: {
      ...notes,
      ...Object.fromEntries(
        // What is written already needs no remark.
        Object.entries(candidates.notes).filter(([key]) => !isWritten(given, key)),
      ),
      ...(ics.FileDownload &&
        groupsOf(given.files).ordinary === undefined && {
          'pixit.files':
            'name files that the device takes; without them the cases of transfers are UNTESTABLE',
        }),
    },
  }
}

/** The root that the names of the Inform begin with, or the one that GetParameterNames lists. */
async function rootOf(session: AcsSession): Promise<Profile['cwmp']['root']> {
  const roots = ['Device.', 'InternetGatewayDevice.'] as const
  const stated = [...session.parameters.keys()]
  const byInform = roots.find((root) => stated.some((name) => name.startsWith(root)))
  if (byInform) return byInform
  const listed = await namesBelow(session, '', true)
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
  if (!(await calledIn())) {
    const words = `the bench could not call the device at ${url === '' ? 'its ConnectionRequestURL, which is empty' : url}`
    return { HttpConnectionRequest: { works: false, words } }
  }
  const called = { works: true, words: 'tried: it opened a session' }
  acs.authentication = {
    scheme: 'digest',
    username: credentials.acsUsername,
    password: credentials.acsPassword,
    algorithms: ['SHA-256'],
  }
  const works = await calledIn()
  acs.authentication = { scheme: 'none' }
  const words = `tried: it ${works ? 'came' : 'did not come'} through a challenge with SHA-256 alone`
  return { HttpConnectionRequest: called, DigestSha256: { works, words } }

  async function calledIn(): Promise<boolean> {
    if (!URL.canParse(url)) return false
    const timeoutMs = timing.informSeconds * 1000
    try {
      const { status } = await askPatiently(
        () =>
          connectionRequest(url, {
            username: credentials.connectionRequestUsername,
            password: credentials.connectionRequestPassword,
            timeoutMs: timing.responseSeconds * 1000,
          }),
        { withinMs: timeoutMs },
      )
      if (status !== 200 && status !== 204) return false
      const session = await acs.nextSession({ timeoutMs })
      await session.end()
      return true
    } catch (error) {
      if (!(error instanceof DeviceSilent)) throw error
      return false
    }
  }
}

function groupsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}

function isWritten(pixit: Readonly<Record<string, unknown>>, key: string): boolean {
  const [, group = '', entry = ''] = key.split('.')
  return entry in groupsOf(pixit[group])
}
