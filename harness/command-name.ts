const installed = process.env.CWMP_COMMAND

/** How people call the launcher: in a checkout by npm, installed as a package by the name of its command. */
export const commandName: string = installed ?? 'npm test --'

/** How they call another program of the suite, by its script in a checkout: `npm run compare --` or `cwmp-conformance-compare`. */
export function programName(script: 'compare' | 'ics-draft' | 'merge-reports' | 'verify-bundle'): string {
  if (installed === undefined) return `npm run ${script} --`
  return `${installed}-${script === 'merge-reports' ? 'merge' : script}`
}
