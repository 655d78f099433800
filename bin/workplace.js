import { createHash, randomUUID } from 'node:crypto'
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join, relative, sep } from 'node:path'

/**
 * The folder in which the suite runs. Node runs TypeScript anywhere but below `node_modules`, and vitest leaves what lies there alone, so an
 * installed package is copied out of it once, into the user's cache, beside links to the packages that it needs. What runs then is, file
 * by file, what runs in a checkout. Where the package does not lie there (a checkout, npm link), it stays where it is.
 * @param {string} root of the package
 * @returns {string} where its programs can be started
 * @throws {Error} with one line when there is no place for the copy
 */
export function workplace(root) {
  if (!root.split(sep).includes('node_modules')) return root
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'cwmp-conformance')
  const { version, dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const packages = Object.keys(dependencies).map((name) => [name, packageFolder(name, root)])
  const files = filesOf(root)
  const folder = join(cache, `${version}-${digestOf(root, files, packages)}`)
  if (existsSync(folder)) return folder
  const draft = join(cache, `.${randomUUID()}`)
  try {
    for (const file of files) cpSync(join(root, file), join(draft, file))
    for (const [name, path] of packages) {
      const link = join(draft, 'node_modules', name)
      mkdirSync(dirname(link), { recursive: true })
      symlinkSync(path, link, 'dir')
    }
    renameSync(draft, folder)
  } catch (error) {
    rmSync(draft, { recursive: true, force: true })
    // Another run was quicker.
    if (existsSync(folder)) return folder
    throw new Error(`no place for a copy of the suite: ${error.message} (XDG_CACHE_HOME names another)`)
  }
  return folder
}

/** Tells one content at one place of installation from any other. */
function digestOf(root, files, packages) {
  const digest = createHash('sha256').update(JSON.stringify(packages))
  for (const file of files) digest.update(`\n${file}\n`).update(readFileSync(join(root, file)))
  return digest.digest('hex').slice(0, 16)
}

/** Paths of the package's own files, in a fixed order. */
function filesOf(root) {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath ?? entry.path, entry.name)))
    .filter((file) => !file.split(sep).includes('node_modules'))
    .sort()
}

/** Where Node finds a package that something in `from` imports. */
function packageFolder(name, from) {
  for (let folder = from; ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name)
    if (existsSync(join(candidate, 'package.json'))) return realpathSync(candidate)
    if (dirname(folder) === folder) throw new Error(`the package ${name} is not installed`)
  }
}
