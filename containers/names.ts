/** Names of the public images, each replaced by a variable of the environment where it is mirrored or made locally. */

/** GenieACS, which plays the ACS; `GENIEACS_IMAGE`. */
export function genieAcsImage(): string {
  return process.env.GENIEACS_IMAGE || 'drumsergio/genieacs:1.2.16'
}

/** MongoDB, its database; `MONGO_IMAGE`. */
export function mongoImage(): string {
  return process.env.MONGO_IMAGE || 'mongo:8'
}

/** A ready image of Prosody in place of the one that is built here; `PROSODY_IMAGE`. */
export function prosodyImage(): string | undefined {
  return process.env.PROSODY_IMAGE || undefined
}

/** What the images are built on that are built here; `BASE_IMAGE`. */
export function baseImage(): string {
  return process.env.BASE_IMAGE || 'debian:bookworm-slim'
}
