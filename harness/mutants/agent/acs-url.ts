import { alterCpe, alterExchange, alterPosts } from './alter/wire.ts'
import type { Mutant } from './mutant.ts'

export const mutants: readonly Mutant[] = [
  {
    name: 'url-changes-in-mid-session',
    cases: ['URL-CHANGE-001'],
    breaks: 'goes on at the new URL as soon as it is set',
    apply: (parts) => {
      let path: string | undefined
      alterExchange(parts, async (request, properly) => {
        const url = path === undefined ? request.url : new URL(path, request.url)
        const response = await properly({ ...request, url })
        const set = /ManagementServer\.URL<.*?>(http[^<]*)</.exec(response.body.toString())?.[1]
        if (set !== undefined) path = new URL(set).pathname
        return response
      })
    },
  },
  {
    name: 'url-ignores-query',
    cases: ['URL-CHANGE-002'],
    breaks: 'drops path and query of the URL',
    apply: (parts) => alterPosts(parts, (request) => ({ ...request, url: new URL('/', request.url) })),
  },
  {
    name: 'url-change-waits-for-the-next-session',
    cases: ['URL-CHANGE-002', 'URL-CHANGE-004'],
    breaks: 'opens no session for a changed URL',
    apply: (parts) =>
      alterCpe(
        parts,
        (Base) =>
          class extends Base {
            protected override managementServerChanged(name: string): void {
              if (name !== 'URL') super.managementServerChanged(name)
            }
            protected override sessionEnded(...args: Parameters<InstanceType<typeof Base>['sessionEnded']>) {
              super.sessionEnded(...args)
              return false
            }
          },
      ),
  },
  {
    name: 'url-lost-in-reboot',
    cases: ['URL-CHANGE-003'],
    breaks: 'is back at its first URL after a reboot',
    apply: (parts) => {
      let first: URL | undefined
      let boots = 0
      parts.createCpe = ((proper) => (surroundings) => {
        boots++
        return proper(surroundings)
      })(parts.createCpe)
      alterPosts(parts, (request) => {
        first ??= request.url
        return boots > 1 ? { ...request, url: first } : request
      })
    },
  },
  {
    name: 'url-read-normalised',
    cases: ['URL-CHANGE-004'],
    breaks: 'reads the URL in capitals, whatever was set',
    apply: (parts) =>
      alterPosts(parts, (request) => {
        const text = request.body.toString()
        if (!text.includes('GetParameterValuesResponse')) return request
        const altered = text.replace(
          /(ManagementServer\.URL<\/Name><Value[^>]*>)([^<]*)/,
          (_, before, url) => before + url.toUpperCase(),
        )
        return { ...request, body: Buffer.from(altered) }
      }),
  },
  {
    name: 'url-needs-an-address',
    cases: ['URL-CHANGE-005'],
    breaks: 'does not resolve names',
    apply: (parts) =>
      alterExchange(parts, async (request, properly) => {
        if (!/^[\d.:[\]]+$/.test(request.url.hostname)) throw new Error('no address')
        return properly(request)
      }),
  },
  {
    name: 'url-known-from-before',
    cases: ['URL-CHANGE-006'],
    breaks: 'tells no 0 BOOTSTRAP to an ACS that it met before its URL was changed and changed back',
    apply: (parts) =>
      alterCpe(
        parts,
        (Base) =>
          class extends Base {
            readonly #met = new Set<string>()
            protected override bootstrap(): void {
              const { url } = this.managementServer
              if (this.#met.has(url)) return
              this.#met.add(url)
              super.bootstrap()
            }
          },
      ),
  },
  {
    name: 'url-keeps-its-port',
    cases: ['URL-CHANGE-007'],
    breaks: 'goes to the port of its first URL whatever the changed one names',
    apply: (parts) => {
      let port: string | undefined
      alterPosts(parts, (request) => {
        port ??= request.url.port
        const url = new URL(request.url)
        url.port = port
        return { ...request, url }
      })
    },
  },
]
