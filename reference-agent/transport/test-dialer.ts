/** For unit tests: a dialer as a device has one that is left alone. */
import { type Clock, Log, SystemClock } from '../platform/platform.ts'
import { Dialer, type DialerOptions } from './dialer.ts'
import { Names } from './names.ts'

export function testDialer(changes: Partial<DialerOptions> = {}, clock: Clock = new SystemClock()): Dialer {
  return new Dialer({
    clock,
    log: new Log('EMERG', () => {}),
    names: new Names({ clock, timeout: 5_000 }),
    connectTimeout: 5_000,
    ...changes,
  })
}
