/** Where a stream stands when the server does something odd: what the device has just done. `online`: it has its resource. */
export const streamStages = [
  'connected',
  'greeted',
  'starttls',
  'secured',
  'auth',
  'response',
  'authenticated',
  'bind',
  'online',
] as const
export type StreamStage = (typeof streamStages)[number]

/** One change to the octets of a good server. */
export interface Edit {
  readonly do: 'drop' | 'repeat' | 'put' | 'flip' | 'cut'
  /** Where, in 65536ths of the octets. */
  readonly at: number
  /** An octet to put or flip with; for `drop` and `repeat` how many octets. */
  readonly octet: number
}

/** One thing that the server does not do as a good one would. */
export interface Part {
  /** Name of the breakage. */
  readonly name: string
  /** How many, how long or how deep, where the breakage has a size. */
  readonly size?: number
  /** Which word, condition or name, where the breakage has one. */
  readonly text?: string
  readonly edits?: readonly Edit[]
}

/** What the server does at one stage, in this order; for the rest it is a good one. */
export interface StreamCase {
  readonly stage: StreamStage
  readonly parts: readonly Part[]
}
