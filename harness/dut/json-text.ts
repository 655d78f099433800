/**
 * A text as it stands between the quotes of a request: quotes, backslashes and control characters are written `\uXXXX`, so that
 * an adapter may look for `"key":"` and read on to the next quote.
 */
export function jsonText(text: string): string {
  return text.replace(
    /["\\\p{Cc}\p{Cs}]/gu,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
