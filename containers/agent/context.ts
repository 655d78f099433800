import { existsSync } from 'node:fs'
import { cp, mkdir, readFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** What the agent imports from elsewhere. */
const packages = ['@xmpp/client', 'basic-ftp', 'dns-packet', 'saxes', 'undici', 'zod']

/**
 * Puts into `folder` what the image is built of: the Node that runs this process, the agent without its tests, and the packages that
 * it needs with those that they need.
 */
export async function layContext(folder: string): Promise<void> {
  await Promise.all([
    cp(process.execPath, join(folder, 'node'), { dereference: true }),
    cp(join(import.meta.dirname, 'Dockerfile'), join(folder, 'Dockerfile')),
    cp(join(import.meta.dirname, 'cwmp-reference-agent'), join(folder, 'cwmp-reference-agent')),
    cp(join(root, 'package.json'), join(folder, 'app', 'package.json')),
    cp(join(root, 'LICENSE'), join(folder, 'app', 'LICENSE')),
    cp(join(root, 'reference-agent'), join(folder, 'app', 'reference-agent'), {
      recursive: true,
      filter: (source) => !source.endsWith('.test.ts'),
    }),
  ])
  const modules = await withNeeded(packages)
  await mkdir(join(folder, 'app', 'node_modules'))
  for (const path of modules)
    await cp(join(root, path), join(folder, 'app', path), { recursive: true, dereference: true })
}

/** Folders of these packages and all that they need, relative to the project. */
async function withNeeded(names: readonly string[]): Promise<string[]> {
  const found = new Map<string, string>()
  const visit = async (name: string, from: string): Promise<void> => {
    const folder = folderOf(name, from)
    const path = relative(root, folder)
    if (found.has(path)) return
    found.set(path, folder)
    const { dependencies = {} } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as {
      dependencies?: Record<string, string>
    }
    for (const needed of Object.keys(dependencies)) await visit(needed, folder)
  }
  for (const name of names) await visit(name, root)
  return [...found.keys()]
}

/** Where Node finds a package that something in `from` imports. */
function folderOf(name: string, from: string): string {
  for (let folder = from; ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name)
    if (existsSync(join(candidate, 'package.json'))) return candidate
    if (relative(root, folder) === '') throw new Error(`package ${name} is not installed`)
  }
}
