import { execFile } from 'node:child_process'
import { realpath } from 'node:fs/promises'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Where a file that git does not know could change what is asked or judged. */
const ours = ['suites', 'harness', 'reference-agent', 'containers', 'package.json', 'vitest.config.ts']

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
  const [first] = paths
  const more = paths.size === 1 ? '' : ` and ${paths.size - 1} more`
  return { problem: `the checkout is dirty: ${first}${more}` }
}
