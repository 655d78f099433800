import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** Octets of a file of certificates at most; the whole of what a system trusts has a quarter of them. */
const LARGEST_FILE = 1024 * 1024

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g

/**
 * All certificates in the files of a directory, in PEM. Empty, after `complain` has heard why, when there is none: whoever names the roots to be trusted does not want
 * the usual ones instead.
 */
export function trustedDirectory(directory: string, complain: (what: string) => void): string {
  try {
    const files = readdirSync(directory).map((name) => join(directory, name))
    const texts = files.filter(isReadable).map((file) => readFileSync(file, 'latin1'))
    const certificates = new Set(texts.flatMap((text) => text.match(CERTIFICATE) ?? []))
    if (certificates.size === 0) complain(`no certificate in ${directory}: no server can prove who it is`)
    return [...certificates].join('\n')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    complain(`${directory} cannot be read (${code}): no server can prove who it is`)
    return ''
  }
}

/** Links that lead nowhere, directories and the like have no certificates. */
function isReadable(file: string): boolean {
  const found = statSync(file, { throwIfNoEntry: false })
  return found?.isFile() === true && found.size <= LARGEST_FILE
}
