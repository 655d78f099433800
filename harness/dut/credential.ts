import { z } from 'zod'

/** A password or user name: written out, or the name of an environment variable; resolved when the profile is read. */
export const credential = z
  .union([z.string().min(1).max(256), z.strictObject({ env: z.string().min(1) })], {
    error: 'a text of 1 to 256 characters or { "env": "NAME" }',
  })
  .transform((value, context) => {
    if (typeof value === 'string') return value
    const resolved = process.env[value.env]
    if (resolved) return resolved
    context.addIssue({
      code: 'custom',
      message: `the environment variable ${value.env} to be set`,
      params: { got: resolved === undefined ? 'no such variable' : 'an empty one' },
    })
    return z.NEVER
  })
