import type { RequestOrigin } from './request-origin.ts'

/**
 * What the proxy in front says, as Rails takes it: the first X-Forwarded-Proto, and the last X-Forwarded-Host. Where it says
 * nothing, `direct`.
 */
export function forwarded(headers: { get(name: string): string | null }, direct: RequestOrigin): RequestOrigin {
  const proto = listed(headers.get('x-forwarded-proto'))[0]
  const host = listed(headers.get('x-forwarded-host')).at(-1)
  return { https: proto === undefined ? direct.https : proto === 'https', host: host ?? direct.host }
}

function listed(header: string | null): string[] {
  return (header ?? '').split(',').flatMap((item) => item.trim() || [])
}
