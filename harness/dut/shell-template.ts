/** Commands for a device's shell, with places for what they are told: `{acsUrl}` becomes the URL as one word, whatever it holds. */

/** `{name}`, but not `${name}`, which is the shell's own. */
const place = /(?<!\$)\{([A-Za-z][A-Za-z0-9]*)\}/g

/** The text as one word of a POSIX shell. */
export function shellWord(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}

/** Where a shell command holds a place for one of `names`; anything else in braces is left to the shell. */
function placesIn(template: string, names: readonly string[]): { name: string; at: number }[] {
  return [...template.matchAll(place)]
    .map((match) => ({ name: match[1] ?? '', at: match.index }))
    .filter(({ name }) => names.includes(name))
}

/**
 * What is wrong with a command, as what was expected of it; undefined if nothing is. A place inside of quotes would end them, since what
 * is put there brings its own; a here-document would show those. A name that differs from a known one by its case only is a slip.
 */
export function templateComplaint(template: string, names: readonly string[]): string | undefined {
  for (const [whole, name = ''] of template.matchAll(place)) {
    const meant = names.find((known) => known.toLowerCase() === name.toLowerCase())
    if (meant !== undefined && meant !== name) return `{${meant}} in place of ${whole}`
  }
  const places = placesIn(template, names)
  const quoted = quotedAt(template)
  const inQuotes = places.find(({ at }) => quoted[at])
  if (inQuotes) return `{${inQuotes.name}} outside of quotes: it brings its own`
  const document = /<<-?\s*[\w'"\\]/.exec(template)
  const inDocument = document && places.find(({ at }) => at > template.indexOf('\n', document.index))
  if (inDocument && template.includes('\n', document.index))
    return `{${inDocument.name}} outside of a here-document, for example as an argument of printf`
  return undefined
}

/** The command with each place filled by its value as one word; values that are undefined are the empty word. */
export function fillCommand(template: string, values: Readonly<Record<string, string | undefined>>): string {
  return template.replace(place, (whole, name: string) =>
    Object.hasOwn(values, name) ? shellWord(values[name] ?? '') : whole,
  )
}

/**
 * The script that a shell reads from its standard input: there no other user of the device sees what it was told, which the
 * arguments of a program would show. It is read to its end before it begins, its commands have no input, and the first that fails
 * ends it.
 */
export function scriptOf(command: string): string {
  return `conformance() {\nset -e\n${command}\n}\nconformance </dev/null\nexit $?\n`
}

/** For each character whether it stands inside of quotes of the shell. */
function quotedAt(command: string): boolean[] {
  const quoted: boolean[] = []
  let mark = ''
  for (let at = 0; at < command.length; at++) {
    const char = command[at] ?? ''
    quoted[at] = mark !== ''
    if (char === '\\' && mark !== "'") {
      quoted[++at] = mark !== ''
    } else if (mark !== '') {
      if (char === mark) mark = ''
    } else if (char === "'" || char === '"') {
      mark = char
    } else if (char === '#' && /^$|[\s;&|(]/.test(command[at - 1] ?? '')) {
      // An apostrophe in a comment opens nothing.
      const end = command.indexOf('\n', at)
      while (at + 1 < (end === -1 ? command.length : end)) quoted[++at] = false
    }
  }
  return quoted
}
