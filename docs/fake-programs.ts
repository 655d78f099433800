import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseAllDocuments } from 'yaml'

/** What the pages and recipes here promise is tried with programs that only say how they were called. */

/** The text of a file of this folder. */
export const read = (name: string) => readFileSync(new URL(name, import.meta.url), 'utf8')

/** All documents of a file. @throws what the parser finds wrong, warnings too */
export function yaml(name: string): unknown[] {
  return parseAllDocuments(read(name)).map((document) => {
    for (const complaint of [...document.errors, ...document.warnings]) throw complaint
    return document.toJS()
  })
}

/** A folder in which `npm` and `node` say how they were called, and end with `CODE`. */
export class FakePrograms {
  readonly folder = mkdtempSync(join(tmpdir(), 'recipes-'))

  constructor() {
    for (const name of ['npm', 'node']) {
      writeFileSync(join(this.folder, name), '#!/bin/sh\nprintf "%s\\n" "$@"\nexit $((CODE))\n')
      chmodSync(join(this.folder, name), 0o755)
    }
  }

  /** What a shell gives the program, word by word, and its own exit code. */
  run(
    script: string,
    env: Readonly<Record<string, string>> = {},
    shell: readonly string[] = ['sh'],
  ): { words: string[]; code: number } {
    const [program = 'sh', ...options] = shell
    const circumstances = {
      env: { PATH: `${this.folder}:${process.env.PATH}`, ...env },
      cwd: this.folder,
      encoding: 'utf8',
    } as const
    try {
      const output = execFileSync(program, [...options, '-c', script], circumstances)
      return { words: output.trimEnd().split('\n'), code: 0 }
    } catch (error) {
      const { stdout, status } = error as { stdout: string; status: number }
      return { words: stdout.trimEnd().split('\n'), code: status }
    }
  }

  remove(): void {
    rmSync(this.folder, { recursive: true })
  }
}
