import { afterAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { parseArguments } from '../harness/launcher/arguments.ts'
import { suiteNames } from '../harness/suite-names.ts'
import { FakePrograms, read, yaml } from './fake-programs.ts'

const programs = new FakePrograms()
afterAll(() => programs.remove())
const runShell = (script: string, env: Record<string, string>) => programs.run(script, env)

function expectShard(words: readonly string[], index: number, of: number): string {
  expect(words.slice(0, 2)).toEqual(['test', '--'])
  const given = parseArguments(words.slice(2), suiteNames)
  expect(given.shard).toEqual({ index, of })
  return given.out ?? ''
}

describe('the indexed Job for Kubernetes', () => {
  const container = z.object({
    image: z.string(),
    command: z.tuple([z.literal('sh'), z.literal('-c'), z.string()]),
    env: z.array(z.object({ name: z.string(), value: z.string() })).optional(),
    volumeMounts: z.array(z.object({ name: z.string(), mountPath: z.string() })),
  })
  const job = z.object({
    apiVersion: z.literal('batch/v1'),
    kind: z.literal('Job'),
    spec: z.object({
      completionMode: z.string().optional(),
      completions: z.number().optional(),
      parallelism: z.number().optional(),
      suspend: z.boolean().optional(),
      template: z.object({
        spec: z.object({
          restartPolicy: z.enum(['Never', 'OnFailure']),
          containers: z.tuple([container]),
          volumes: z.array(
            z.object({ name: z.string(), persistentVolumeClaim: z.object({ claimName: z.string() }) }),
          ),
        }),
      }),
    }),
  })
  const claim = z.object({
    apiVersion: z.literal('v1'),
    kind: z.literal('PersistentVolumeClaim'),
    metadata: z.object({ name: z.string() }),
    spec: z.object({ accessModes: z.tuple([z.literal('ReadWriteMany')]) }),
  })
  const [volume, shards, merge] = z.tuple([claim, job, job]).parse(yaml('examples/kubernetes-job.yaml'))
  const [pod] = shards.spec.template.spec.containers
  const env = Object.fromEntries((pod.env ?? []).map(({ name, value }) => [name, value]))
  const shard = (index: number, code = 0) =>
    // A pod may write to its volume; here that is a folder.
    runShell(pod.command[2].replaceAll('/reports', `${programs.folder}/reports`), {
      ...env,
      JOB_COMPLETION_INDEX: String(index),
      CODE: String(code),
    })

  test('gives each index the shard of its number, and all indexes together are the run', () => {
    const of = Number(env.SHARDS)
    expect(shards.spec).toMatchObject({ completionMode: 'Indexed', completions: of, parallelism: of })

    const folders = Array.from({ length: of }, (_, index) => expectShard(shard(index).words, index + 1, of))

    expect(new Set(folders).size).toBe(of)
  })

  test('does not count a verdict as a failure of the pod, but counts an error', () => {
    expect([0, 1, 4, 3, 130].map((code) => shard(0, code).code)).toEqual([0, 0, 0, 3, 130])
  })

  test('has all write to one volume, where the second job finds them', () => {
    for (const { spec } of [shards, merge]) {
      const [{ name, persistentVolumeClaim }] = z.tuple([z.any()]).parse(spec.template.spec.volumes)
      expect(persistentVolumeClaim.claimName).toBe(volume.metadata.name)
      expect(spec.template.spec.containers[0].volumeMounts).toEqual([{ name, mountPath: '/reports' }])
    }
    const [merger] = merge.spec.template.spec.containers

    const { words } = runShell(merger.command[2], {})

    expect(words).toEqual(['run', 'merge-reports', '--', '/reports/shard-*', '--out', '/reports/merged'])
    expect(merge.spec.suspend).toBe(true)
    expect(merger.image).toBe(pod.image)
  })
})

describe('the workflow for GitHub Actions', () => {
  const step = z.object({
    name: z.string().optional(),
    run: z.string().optional(),
    uses: z.string().optional(),
  })
  const named = z
    .object({ if: z.string().optional(), with: z.record(z.string(), z.unknown()).optional() })
    .and(step)
  const workflow = z.object({
    jobs: z.object({
      shard: z.object({
        strategy: z.object({
          'fail-fast': z.literal(false),
          matrix: z.object({ shard: z.array(z.number()) }),
        }),
        steps: z.array(named),
      }),
      report: z.object({ needs: z.literal('shard'), if: z.literal('always()'), steps: z.array(named) }),
    }),
  })
  const [{ jobs }] = z.tuple([workflow]).parse(yaml('examples/github-actions.yml'))
  const { shard: numbers } = jobs.shard.strategy.matrix
  const script = (steps: typeof jobs.shard.steps, name: string, shard = 1): string => {
    const facts: Record<string, string> = {
      'matrix.shard': String(shard),
      'strategy.job-total': String(numbers.length),
      'github.run_number': '271828',
    }
    const run = steps.find((each) => each.name === name)?.run ?? ''
    return run.replace(/\$\{\{ ([\w.-]+) \}\}/g, (_all, fact) => facts[fact] ?? `unknown ${fact}`)
  }

  test('gives each machine of its matrix one shard, and all together are the run', () => {
    expect(numbers).toEqual(numbers.map((_, at) => at + 1))
    for (const shard of numbers) {
      const { words } = runShell(script(jobs.shard.steps, 'shard', shard), {})

      expect(expectShard(words, shard, numbers.length)).toBe(`reports/shard-${shard}`)
    }
  })

  test('does not count a verdict as a failure of the machine, but counts an error', () => {
    const codes = [0, 1, 4, 3].map(
      (code) => runShell(script(jobs.shard.steps, 'shard'), { CODE: String(code) }).code,
    )

    expect(codes).toEqual([0, 0, 0, 3])
  })

  test('keeps the report of a shard in any case, and merges all', () => {
    const upload = jobs.shard.steps.find(({ uses }) => uses?.startsWith('actions/upload-artifact@'))
    const download = jobs.report.steps.find(({ uses }) => uses?.startsWith('actions/download-artifact@'))

    expect(upload).toMatchObject({
      if: 'always()',
      with: { path: expect.stringMatching(/^reports\/shard-\$\{\{ matrix\.shard \}\}$/) },
    })
    expect(download?.with).toEqual({ pattern: 'shard-*', path: 'reports' })
    expect(runShell(script(jobs.report.steps, 'merge'), {}).words.slice(0, 4)).toEqual([
      ...['run', 'merge-reports', '--', 'reports/shard-*'],
    ])
  })
})

test('the commands on the page are such as the launcher takes', () => {
  const commands = [...read('scaling.md').matchAll(/^npm test -- (.*)$/gm)].map(([, words]) => words ?? '')

  expect(commands.length).toBeGreaterThan(0)
  for (const [at, words] of commands.entries())
    expect(parseArguments(words.split(' '), suiteNames).shard).toEqual({ index: at + 1, of: commands.length })
})
