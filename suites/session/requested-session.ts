import { DeviceSilent, Untestable } from '../../harness/conformance.ts'
import type { TestBed } from '../../harness/testbed/testbed.ts'

/**
 * Has the ACS refuse the Inform that tells 6 CONNECTION REQUEST with HTTP status 500. A session that the device opens for another reason is passed
 * over: what becomes of the event can be seen only where it was told.
 * @throws Untestable when the device does not tell the event, which other cases examine
 */
export async function failRequested(cpe: TestBed, signal: AbortSignal): Promise<void> {
  await cpe.idle(signal)
  try {
    const { status } = await cpe.askPatiently(() => cpe.requestConnection(signal), signal)
    if (status !== 200 && status !== 204)
      throw new Untestable(`the device answers a connection request with HTTP status ${status}`)
    await cpe.nextSessionWith('6 CONNECTION REQUEST', { inform: { status: 500 }, signal })
  } catch (error) {
    if (!(error instanceof DeviceSilent)) throw error
    throw new Untestable(`no Inform with 6 CONNECTION REQUEST that could fail: ${error.message}`)
  }
}
