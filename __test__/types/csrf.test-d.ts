import { checkFetchSite, checkOrigin, type Csrf, type CsrfRejectionReason, type CsrfVerdict } from '../../index.ts'
import type { Equals } from './equals.ts'

/** Fails to compile unless its argument is `true`. */
declare function check<T extends true>(): T

declare const csrf: Csrf
declare const node: { readonly origin?: string; readonly 'sec-fetch-site'?: string; readonly host?: string }
declare const fetched: Headers

const request = { method: 'POST', path: '/posts' }
const verdict = csrf.verifyRequest({ ...request, origin: node.origin, host: node.host, https: true })
check<Equals<typeof verdict, CsrfVerdict>>()
if (!verdict.ok) check<Equals<typeof verdict.reason, CsrfRejectionReason>>()
// @ts-expect-error -- only a refusal has a reason
else void verdict.reason

// Headers of Node and of the Fetch API.
const origin = fetched.get('origin')
csrf.verifyRequest({ ...request, origin, secFetchSite: fetched.get('sec-fetch-site'), host: fetched.get('host') })
checkOrigin(origin, { https: true, host: node.host })
checkOrigin(node.origin, { baseUrl: 'https://shop.example' })
checkFetchSite({ secFetchSite: node['sec-fetch-site'], origin }, ['https://accounts.google.com'])

// @ts-expect-error -- an Origin that was forgotten would count as one that was not sent
csrf.verifyRequest(request)
// @ts-expect-error -- half a form
csrf.token({ path: '/posts' })
check<Equals<ReturnType<Csrf['verify']>, boolean>>()
csrf.verify(undefined)
