/**
 * What is used of `next/headers`; tsconfig.json puts it in the place of Next.js' own declarations, which need those of the
 * DOM, of React and of webpack.
 */

export interface NextCookie {
  name: string
  value: string
  domain: string | undefined
  path: string | undefined
  maxAge: number | undefined
  expires: Date | undefined
  secure: boolean
  httpOnly: boolean
  sameSite: string | undefined
  partitioned: boolean
}

export function cookies(): Promise<{
  get(name: string): { readonly value: string } | undefined
  set(cookie: NextCookie): unknown
}>

export function headers(): Promise<{ get(name: string): string | null }>
