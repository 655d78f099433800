/** How people call the launcher: in a checkout by npm, installed as a package by the name of its command. */
export const commandName: string = process.env.CWMP_COMMAND ?? 'npm test --'
