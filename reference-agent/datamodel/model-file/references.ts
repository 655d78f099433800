/** Paths as a data model writes them: absolute, or relative to the object in which they stand (TR-106 A.2.3.4). */

/** Resolves `.A.B.` from the root, `#.A.` from the parent of the object, `##.` from the one above, and everything else from the object itself. */
export function resolveReference(
  reference: string,
  scope: string | undefined,
  { object, root }: { readonly object: string; readonly root: string },
): string {
  if (scope === 'model' || reference.startsWith('.')) return root + reference.replace(/^\./, '')
  if (scope === 'object') return object + reference
  if (reference.startsWith(root)) return reference
  const climb = /^#*/.exec(reference)?.[0].length ?? 0
  const segments = levels(object)
  const base = segments.slice(0, Math.max(1, segments.length - climb)).join('')
  return base + reference.slice(climb).replace(/^\./, '')
}

/** An object's path cut where climbing stops: a table and its row are one level. */
function levels(path: string): string[] {
  return path.match(/[^.]+\.(?:\{i\}\.)?/g) ?? []
}
