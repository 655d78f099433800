/** What the operating system would not do: a file, a folder, a port. The message says what, and with which path. */
export interface SystemError extends Error {
  readonly code: string
  readonly syscall: string
}

/** Whether an error is one of the operating system, such as a full disk, and none of a program. */
export function isSystemError(error: unknown): error is SystemError {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && 'syscall' in error
}

/**
 * Says what nobody has foreseen, and returns the exit code for it: 3, because it says nothing about a device. An error of the operating
 * system is one line; of any other the stack is wanted.
 */
export function sayUnforeseen(error: unknown): 3 {
  console.error(isSystemError(error) ? error.message : error)
  return 3
}
