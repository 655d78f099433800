import { provideReferenceAgent } from './agent.ts'

// `npm run agent-image`: builds the image for users.
try {
  console.log(await provideReferenceAgent())
} catch (error) {
  console.error((error as Error).message)
  process.exitCode = 1
}
