import { type Profile, secretsOf } from '../dut/dut.ts'

/** Keys whose values are nobody's business, whatever adapter or entry they belong to. */
const secretKey = /password|passphrase|secret|token|private|environment|credential/i
const masked = '***'

/**
 * The profile as the run used it, defaults filled in, with `***` for everything secret: values below keys that say so, and
 * the passwords wherever else they stand.
 */
export function maskedProfile(profile: Profile): unknown {
  return mask(
    profile,
    false,
    secretsOf(profile).filter((secret) => secret !== ''),
  )
}

function mask(value: unknown, isSecret: boolean, secrets: readonly string[]): unknown {
  if (Array.isArray(value)) return value.map((each) => mask(each, isSecret, secrets))
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(
      Object.entries(value).map(([key, each]) => [key, mask(each, isSecret || secretKey.test(key), secrets)]),
    )
  if (isSecret && value !== undefined && value !== null) return masked
  if (typeof value !== 'string') return value
  return secrets.reduce((text, secret) => text.replaceAll(secret, masked), value)
}
