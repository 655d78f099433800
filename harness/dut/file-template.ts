import { shellWord } from './shell-template.ts'

/** How what is put into a file is written there, so that it cannot end what it stands in. */
export const escapes = ['none', 'shell', 'json', 'xml'] as const
export type Escape = (typeof escapes)[number]

const writers: Readonly<Record<Escape, (text: string) => string>> = {
  none: (text) => text,
  // UCI files quote as the shell does.
  shell: shellWord,
  json: (text) => JSON.stringify(text).slice(1, -1),
  xml: (text) => text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`),
}

/** The file with each `{name}` replaced that has a value here; undefined values are empty, and everything else stays as it is. */
export function fillFile(
  template: string,
  values: Readonly<Record<string, string | undefined>>,
  how: Escape,
): string {
  return template.replace(/\{([A-Za-z][A-Za-z0-9]*)\}/g, (whole, name: string) =>
    Object.hasOwn(values, name) ? writers[how](values[name] ?? '') : whole,
  )
}
