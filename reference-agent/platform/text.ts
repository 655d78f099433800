/**
 * The first characters of a text, none of them cut in half. They are a string of their own: a slice would keep the whole text in memory for as
 * long as it lives.
 */
export function firstCharacters(text: string, longest: number): string {
  if (text.length <= longest) return text
  return [...text.slice(0, 2 * longest)].slice(0, longest).join('')
}
