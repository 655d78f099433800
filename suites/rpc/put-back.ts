import type { AcsSession } from '../../harness/acs/acs.ts'
import type { TestBed } from '../../harness/testbed/testbed.ts'

const open = new WeakMap<TestBed, AcsSession>()

/** The session in which all that a case changed is put back; opened for the first thing, ended with the case. */
export async function sessionToPutBack(cpe: TestBed): Promise<AcsSession> {
  const present = open.get(cpe)
  if (present && !present.over) return present
  const session = await cpe.openSession()
  open.set(cpe, session)
  return session
}
