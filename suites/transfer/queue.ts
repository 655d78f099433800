import type { AcsSession } from '../../harness/acs/acs.ts'
import { granted } from '../../harness/conformance.ts'
import type { ResponseOf } from '../../harness/cwmp/cwmp.ts'

type CallOptions = Parameters<AcsSession['call']>[2]
type Entries = ResponseOf<'GetAllQueuedTransfers'>['TransferList']

/**
 * What GetAllQueuedTransfers lists for this CommandKey. The device may have transfers of its own there, too (TR-069 A.4.1.7).
 * @throws ConformanceFailure when it refuses
 */
export async function entriesOf(session: AcsSession, key: string, options?: CallOptions): Promise<Entries> {
  const { TransferList } = granted(await session.call('GetAllQueuedTransfers', {}, options))
  return TransferList.filter(({ CommandKey }) => CommandKey === key)
}
