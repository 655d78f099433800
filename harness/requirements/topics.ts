import { readdirSync, readFileSync } from 'node:fs'
import { z } from 'zod'
import { HarnessError } from '../failure.ts'

const topicSchema = z.strictObject({
  /** Beginnings of the ids it is about, up to a hyphen; for an id the longest that fits counts. */
  ids: z.array(z.string().regex(/^[A-Z0-9]+(-[A-Z0-9]+)*$/)).min(1),
  topic: z.string().min(3),
  /** What a failure means for whoever runs the device. */
  means: z.string().min(30),
  /** What is usually wrong in the device, the most common first. */
  causes: z.array(z.string().min(20)).min(1),
})

/** What requirements of one topic have in common: what a failure means, and what usually causes it. */
export type Topic = z.infer<typeof topicSchema>

/**
 * Reads all topics, in the order of files and entries.
 * @throws HarnessError naming file and entry when one is malformed or an id beginning belongs to two
 */
export function loadTopics(folder: URL = new URL('./topics/', import.meta.url)): Topic[] {
  const taken = new Set<string>()
  return readdirSync(folder)
    .sort()
    .flatMap((name) => {
      const entries: unknown = JSON.parse(readFileSync(new URL(name, folder), 'utf8'))
      const parsed = z.array(topicSchema).safeParse(entries)
      if (!parsed.success) {
        const issue = parsed.error.issues[0]
        throw new HarnessError(`requirements/topics/${name}: ${issue?.path.join('.')}: ${issue?.message}`)
      }
      for (const id of parsed.data.flatMap(({ ids }) => ids)) {
        if (taken.has(id)) throw new HarnessError(`requirements/topics/${name}: ${id} stands there twice`)
        taken.add(id)
      }
      return parsed.data
    })
}

/** The topic with the longest beginning of the id; undefined where none fits. */
export function topicOf(id: string, topics: readonly Topic[]): Topic | undefined {
  let best: { topic: Topic; length: number } | undefined
  for (const topic of topics) {
    for (const beginning of topic.ids) {
      if (!id.startsWith(`${beginning}-`) || beginning.length <= (best?.length ?? 0)) continue
      best = { topic, length: beginning.length }
    }
  }
  return best?.topic
}
