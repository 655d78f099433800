/**
 * A device chooses many of the strings that a report shows. Before they reach a terminal, an XML file or a page, characters
 * that act instead of being seen are spelled out.
 */

// C0 but tab and line feed, DEL, C1; zero-width and bidirectional controls (they reorder what a reader sees); lone
// surrogates and the two non-characters that XML 1.0 forbids.
const ACTING =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is what this is for
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffe\uffff\p{Surrogate}]/gu

/** The first `limit` characters of a text that a device may have made endless, and how many more there were. */
export function excerpt(text: string, limit: number): string {
  if (text.length <= limit) return text
  return `${text.slice(0, limit)} … ${(text.length - limit).toLocaleString('en')} more characters`
}

/** The same on one line. */
export function oneLine(text: string, limit = 300): string {
  return excerpt(text.replace(/\s+/g, ' ').trim(), limit)
}

/** `text` with every control character as `\xNN` or `\u{NNNN}`; CR LF becomes a plain line end, tabs and line feeds stay. */
export function printable(text: string): string {
  return text.replaceAll('\r\n', '\n').replace(ACTING, (character) => {
    const code = character.codePointAt(0) ?? 0
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`
  })
}
