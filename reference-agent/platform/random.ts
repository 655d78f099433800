import { randomBytes } from 'node:crypto'

/** Where the agent takes its chances from. */
export interface Random {
  /** Uniform in [0, 1). */
  fraction(): number
  /** Unpredictable lower-case hexadecimal text of twice that many digits. */
  token(bytes: number): string
}

export const systemRandom: Random = {
  fraction: () => Math.random(),
  token: (bytes) => randomBytes(bytes).toString('hex'),
}
