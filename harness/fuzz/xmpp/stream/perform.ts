import type { Scene } from './breakage.ts'
import { breakageOf } from './breakages/all.ts'
import type { Part, StreamCase } from './stream-case.ts'

/** Has the server do what a case says: what comes ahead, then its usual reaction, changed, or what stands in its place. */
export function perform({ parts }: StreamCase, scene: Scene, usual: () => void): void {
  const { line } = scene
  let isInstead = false
  for (const part of parts) {
    const { before, instead } = breakageOf(part)
    if (before) {
      line.openStream()
      line.send(before(scene, part))
    } else if (instead) {
      isInstead = true
      instead(scene, part)
    }
  }
  if (isInstead) return
  line.alter = (octets) => altered(octets, parts, scene)
  try {
    usual()
  } finally {
    line.alter = undefined
  }
}

function altered(octets: Buffer, parts: readonly Part[], scene: Scene): readonly (string | Uint8Array)[] {
  let pieces: readonly (string | Uint8Array)[] = [octets]
  for (const part of parts) {
    const { within } = breakageOf(part)
    if (within) pieces = pieces.flatMap((piece) => within(Buffer.from(piece).toString(), part, scene))
  }
  return pieces
}
