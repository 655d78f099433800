import type { Random } from '../platform/platform.ts'

/** Parameters of Device.XMPP.Connection.{i}. */
export interface XmppRetryParameters {
  /** ServerConnectAttempts; 0 leaves it to the device. */
  attempts: number
  /** Seconds. */
  initialInterval: number
  /** Thousandths. */
  intervalMultiplier: number
  /** Seconds. */
  maxInterval: number
}

const USUAL_ATTEMPTS = 16

/** How long a connection waits before it tries again, and how often at one address. */
export class XmppRetryPolicy {
  protected readonly random: Random
  protected readonly parameters: () => XmppRetryParameters

  constructor(random: Random, parameters: () => XmppRetryParameters) {
    this.random = random
    this.parameters = parameters
  }

  /** Attempts at one address before the next one is tried. */
  get attempts(): number {
    return this.parameters().attempts || USUAL_ATTEMPTS
  }

  /** Device milliseconds before the n-th attempt to get back, counted from 1: random, so that a server is not overrun by all of its clients at once (RFC 6120 3.3). */
  waitBefore(attempt: number): number {
    return this.random.fraction() * this.longestWait(attempt)
  }

  /** Device milliseconds. */
  protected longestWait(attempt: number): number {
    const { initialInterval, intervalMultiplier, maxInterval } = this.parameters()
    return Math.min(initialInterval * (intervalMultiplier / 1000) ** (attempt - 1), maxInterval) * 1000
  }
}
