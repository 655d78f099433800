import { execFile } from 'node:child_process'
import { realpath } from 'node:fs/promises'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Where a file that git does not know could change what is asked or judged. */
const ours = ['suites', 'harness', 'reference-agent', 'containers', 'package.json', 'vitest.config.ts']

/** So many files stand in one line. */
const NAMED = 8

/** Whether the files of the suite are those of a commit. */
export type Checkout = { readonly commit: string } | { readonly problem: string }

/** Looks at the checkout in `root`; files of the user's own beside the suite, a dut.json for one, do not count. */
export async function lookAtCheckout(root: string): Promise<Checkout> {
  const git = async (...args: string[]) =>
    (await run('git', ['-C', root, ...args], { encoding: 'utf8', maxBuffer: 1 << 26 })).stdout
  let commit: string
  try {
    const top = (await git('rev-parse', '--show-toplevel')).trim()
    if ((await realpath(top)) !== (await realpath(root))) throw new Error('another repository')
    commit = (await git('rev-parse', 'HEAD')).trim()
  } catch {
    return { problem: 'the suite is no git checkout: whether its files are those of a commit cannot be seen' }
  }
  const changed = await git('status', '--porcelain', '--untracked-files=no')
  const added = await git('status', '--porcelain', '--untracked-files=all', '--', ...ours)
  const paths = new Set(
    `${changed}${added}`
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => line.slice('XY '.length)),
  )
  if (paths.size === 0) return { commit }
  return { problem: `the checkout is dirty: ${named([...paths])}` }
}

/**
 * What has become of the checkout in `root` since it was that of `commit`: each worker of a run reads the suite when it gets there, so that what was
 * saved or checked out meanwhile was examined in part. What was changed and changed back does not show.
 * @returns what differs in one line; undefined where all is as it was
 */
export async function changeSince(root: string, commit: string): Promise<string | undefined> {
  const checkout = await lookAtCheckout(root)
  if ('problem' in checkout) return checkout.problem
  if (checkout.commit === commit) return undefined
  const { stdout } = await run('git', ['-C', root, 'diff', '--name-only', commit, checkout.commit], {
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  })
  const paths = stdout.split('\n').filter((line) => line !== '')
  return `the commit was ${commit} and is ${checkout.commit}: ${named(paths) || 'with the same files'}`
}

function named(paths: readonly string[]): string {
  const more = paths.length > NAMED ? ` and ${paths.length - NAMED} more` : ''
  return paths.slice(0, NAMED).join(', ') + more
}
