/** Paths that a model gives relative to the object in which a parameter stands (TR-106 A.2.3.4). */

/**
 * The path that a reference from inside `object` means: each `#` climbs one object (a row and its table are one), a dot in
 * front stands for the root, a name of the root begins an absolute path, anything else lies in the object itself.
 */
export function resolvePath(object: string, reference: string): string {
  const root = object.slice(0, object.indexOf('.') + 1)
  const hashes = /^#*/.exec(reference)?.[0].length ?? 0
  if (hashes > 0) {
    let from = object
    for (let climbed = 0; climbed < hashes; climbed++) from = parentOf(from)
    return from + reference.slice(hashes).replace(/^\./, '')
  }
  if (reference.startsWith('.')) return root + reference.slice(1)
  return reference.startsWith(root) ? reference : object + reference
}

function parentOf(object: string): string {
  return object.replace(/[^.]+\.(?:(?:\d+|\[[^\]]*\]|\{i\})\.)?$/, '')
}
