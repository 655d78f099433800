import { Untestable } from '../../harness/conformance.ts'
import { expectNoFindings, runCampaign } from '../../harness/fuzz/campaign/campaign.ts'
import {
  DownloadArena,
  type DownloadClass,
  downloadedFiles,
  NotificationArena,
  notificationPeers,
} from '../../harness/fuzz/inputs/inputs-fuzz.ts'
import { watched } from '../../harness/fuzz/vitals/vitals.ts'
import { receiveLightweight } from '../notification/lightweight.ts'
import { watchBoolean } from '../notification/watching.ts'
import { keepValues } from '../rpc/values.ts'
import { test } from '../transfer/bench.ts'
import { FIRMWARE, octetsOf } from '../transfer/files.ts'

// Each wait has a deadline; how long all of them take is up to the budget.
test('FUZZ-IN-001 installs no file that is none, tells what became of each, and lives on', {
  meta: { id: 'FUZZ-IN-001' },
  timeout: 0,
}, async ({ cpe, web, restore, fuzzing, signal, pixit }) => {
  const { corruptFirmware, vendorConfiguration } = pixit.files
  const classes: DownloadClass[] = []
  if (vendorConfiguration) classes.push('configuration file')
  if (corruptFirmware) classes.push('firmware image')
  if (classes.length === 0)
    throw new Untestable('the profile names neither a configuration file nor a damaged firmware image')
  if (vendorConfiguration) {
    const session = await cpe.openSession(signal)
    await keepValues({ cpe, session, restore }, vendorConfiguration.path)
    await session.end()
  }
  const language = downloadedFiles(classes)
  const downloads = new DownloadArena(cpe, language, web, {
    ...(corruptFirmware && { firmware: { fileType: FIRMWARE, octets: octetsOf(corruptFirmware) } }),
    ...(vendorConfiguration && {
      configuration: {
        fileType: vendorConfiguration.fileType,
        octets: octetsOf(vendorConfiguration),
        path: vendorConfiguration.path,
      },
    }),
  })
  const arena = watched(downloads, cpe)

  try {
    expectNoFindings(await runCampaign(language, arena, fuzzing.options({ ms: 1500 })))
  } finally {
    await arena.close()
  }
})

test('FUZZ-IN-002 goes on to notify by UDP, whatever comes back for it', {
  meta: { id: 'FUZZ-IN-002' },
  timeout: 0,
}, async ({ cpe, restore, fuzzing, signal }) => {
  const bench = { cpe, restore, signal }
  const receiver = await receiveLightweight(bench)
  const language = notificationPeers()
  const arena = new NotificationArena(cpe, language, receiver, await watchBoolean(bench, 5))

  expectNoFindings(await runCampaign(language, arena, fuzzing.options({ ms: 700 })))
})
