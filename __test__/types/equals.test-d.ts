import type { Equals, Expect, IsAny } from './equals.ts'

// The tools of the type tests, tested themselves.
/* oxlint-disable no-explicit-any -- they are what is tested */
export type _Same = Expect<Equals<{ a: 1 }, { a: 1 }>>
export type _Optional = Expect<Equals<Equals<{ a?: 1 }, { a: 1 }>, false>>
export type _Readonly = Expect<Equals<Equals<{ readonly a: 1 }, { a: 1 }>, false>>
export type _Any = Expect<Equals<Equals<any, string>, false>>
export type _AnyIsAny = Expect<IsAny<any>>
export type _UnknownIsNot = Expect<Equals<IsAny<unknown>, false>>
export type _NeverIsNot = Expect<Equals<IsAny<never>, false>>

// @ts-expect-error: false is refused
export type _Refused = Expect<Equals<1, 2>>
