/** A shorter password stands in many a text by chance. */
const LEAST = 6

/**
 * Of these passwords those that may stand in nothing that a device says. One that is short, or part of what the device has to say anyhow, such
 * as a user name, an URL or the name of a parameter, shows nothing where it is found.
 */
export function telling(passwords: readonly string[], publicTexts: readonly string[]): string[] {
  return passwords.filter(
    (password) => password.length >= LEAST && !publicTexts.some((text) => text.includes(password)),
  )
}
