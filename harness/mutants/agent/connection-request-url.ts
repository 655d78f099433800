import { alterAccount, alterServer } from './alter/connection-request.ts'
import { alterValues } from './alter/definitions.ts'
import { alterCpe, alterInforms } from './alter/wire.ts'
import type { Mutant } from './mutant.ts'

type Parts = Parameters<Mutant['apply']>[0]

/** Changes the ConnectionRequestURL that the device states. */
function alterUrl(parts: Parts, alter: (url: string) => string): void {
  alterServer(
    parts,
    (Base) =>
      class extends Base {
        override get url(): string {
          return super.url && alter(super.url)
        }
      },
  )
}

/** Judges connection requests by the credentials of an earlier moment. */
function rememberedAccount(parts: Parts, which: 'username' | 'password' | 'both'): void {
  let first: { username: string; password: string } | undefined
  alterAccount(parts, (account) => {
    if (account.username !== '' && account.password !== '') first ??= account
    if (!first) return account
    if (which === 'both') return first
    return { ...account, [which]: first[which] }
  })
}

export const mutants: readonly Mutant[] = [
  {
    name: 'crq-reads-another-url',
    cases: ['CRQ-URL-001'],
    breaks: 'reads another ConnectionRequestURL than its Inform states',
    apply: (parts) =>
      alterValues(parts, /ManagementServer\.ConnectionRequestURL$/, ({ value }) => ({ value: `${value}/` })),
  },
  {
    name: 'crq-url-of-any-address',
    cases: ['CRQ-URL-002'],
    breaks: 'states 0.0.0.0 as its host',
    apply: (parts) => alterUrl(parts, (url) => url.replace('127.0.0.1', '0.0.0.0')),
  },
  {
    name: 'crq-url-with-credentials',
    cases: ['CRQ-URL-002'],
    breaks: 'tells its credentials in the URL',
    apply: (parts) => alterUrl(parts, (url) => url.replace('://', '://conformance-acs:known@')),
  },
  {
    name: 'crq-no-url-after-boot',
    cases: ['CRQ-URL-003'],
    breaks: 'does not know its URL yet in the Inform of a boot',
    apply: (parts) =>
      alterInforms(parts, (xml) =>
        xml.includes('1 BOOT') && !xml.includes('0 BOOTSTRAP')
          ? xml.replace(/(<Name>[\w.]*ConnectionRequestURL<\/Name><Value[^>]*>)[^<]*/, '$1')
          : xml,
      ),
  },
  {
    name: 'crq-url-change-untold',
    cases: ['CRQ-URL-004'],
    breaks: 'does not tell that its URL has changed',
    apply: (parts) =>
      alterCpe(
        parts,
        (Base) =>
          class extends Base {
            override setLocally(path: string, value: string): void {
              super.setLocally(path, value)
              if (path.endsWith('HTTPConnectionRequestEnable') && value !== '1') this.tree.discardChanges()
            }
            protected override changed(...args: Parameters<InstanceType<typeof Base>['changed']>): void {
              if (args[0].path.endsWith('.ConnectionRequestURL')) this.tree.discardChanges()
              else super.changed(...args)
            }
          },
      ),
  },
  {
    name: 'crq-url-stays-when-off',
    cases: ['CRQ-OFF-001'],
    breaks: 'keeps its URL although it takes no connection requests',
    apply: (parts) =>
      alterInforms(parts, (xml) =>
        xml.replace(
          /(<Name>[\w.]*ConnectionRequestURL<\/Name><Value[^>]*>)(?=<)|(<Name>[\w.]*ConnectionRequestURL<\/Name><Value[^>]*?)\/>/,
          (_, open?: string, closed?: string) =>
            open ? `${open}http://127.0.0.1:7547/kept` : `${closed}>http://127.0.0.1:7547/kept</Value>`,
        ),
      ),
  },
  {
    name: 'crq-on-although-off',
    cases: ['CRQ-OFF-002'],
    breaks: 'takes connection requests whatever HTTPConnectionRequestEnable says',
    apply: (parts) =>
      alterCpe(
        parts,
        (Base) =>
          class extends Base {
            protected override managementServerChanged(name: string): void {
              if (name !== 'HTTPConnectionRequestEnable') super.managementServerChanged(name)
            }
          },
      ),
  },
  {
    name: 'crq-off-for-good',
    cases: ['CRQ-OFF-003'],
    breaks: 'does not listen again when connection requests are switched on again',
    apply: (parts) =>
      alterCpe(
        parts,
        (Base) =>
          class extends Base {
            protected override managementServerChanged(name: string): void {
              const isOn = this.managementServer.httpConnectionRequestEnable
              if (name !== 'HTTPConnectionRequestEnable' || !isOn) super.managementServerChanged(name)
            }
          },
      ),
  },
  {
    name: 'crq-password-of-the-boot',
    cases: ['CRQ-CRED-001', 'CRQ-CRED-002'],
    breaks: 'keeps the password that it had when it booted',
    apply: (parts) => rememberedAccount(parts, 'password'),
  },
  {
    name: 'crq-user-of-the-boot',
    cases: ['CRQ-CRED-003'],
    breaks: 'keeps the user name that it had when it booted',
    apply: (parts) => rememberedAccount(parts, 'username'),
  },
  {
    name: 'crq-quotes-cut',
    cases: ['CRQ-CRED-004'],
    breaks: 'cuts its user name at a quote',
    apply: (parts) =>
      alterAccount(parts, ({ username, password }) => ({ username: username.split('"')[0] ?? '', password })),
  },
  {
    name: 'crq-password-unescaped-twice',
    cases: ['CRQ-CRED-004'],
    breaks: 'takes percent signs in its password for escapes',
    apply: (parts) =>
      alterAccount(parts, ({ username, password }) => ({ username, password: password.replace('%41', 'A') })),
  },
  {
    name: 'crq-password-in-ascii',
    cases: ['CRQ-CRED-005'],
    breaks: 'loses the letters of its password beyond ASCII',
    apply: (parts) =>
      alterAccount(parts, ({ username, password }) => ({
        username,
        password: [...password].filter((one) => one < '\x7f').join(''),
      })),
  },
  {
    name: 'crq-password-cut',
    cases: ['CRQ-CRED-006'],
    breaks: 'keeps 255 characters of its password',
    apply: (parts) =>
      alterAccount(parts, ({ username, password }) => ({ username, password: password.slice(0, 255) })),
  },
  {
    name: 'crq-credentials-not-kept',
    cases: ['CRQ-CRED-007'],
    breaks: 'has its first credentials again after a reboot',
    apply: (parts) => {
      const original = { username: 'conformance-acs', password: 'conformance-acs-secret' }
      let first: string | undefined
      alterAccount(parts, (account) => {
        // The process has not seen this account being set: it found it at its start.
        first ??= account.username
        return first === 'kept-acs' ? original : account
      })
    },
  },
  {
    name: 'crq-nobody-is-welcome',
    cases: ['CRQ-CRED-008'],
    breaks: 'grants connection requests of anybody while it has no credentials',
    apply: (parts) =>
      alterServer(
        parts,
        (Base) =>
          class extends Base {
            protected override judge(...[request]: Parameters<InstanceType<typeof Base>['judge']>) {
              return (request.headers.authorization ?? '').includes('username=""')
                ? 200
                : super.judge(request)
            }
          },
      ),
  },
]
