/**
 * `true` if two types are the same, `any` and `never` included. For type tests: `const same: Equals<A, B> = true`.
 * They need no test runner: `tsc -p tsconfig.json` checks them.
 */
export type Equals<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false

/** `true` if a type is `any`. */
export type IsAny<T> = 0 extends 1 & T ? true : false

/** Fails to compile unless its argument is `true`: `type _ = Expect<Equals<A, B>>`. */
export type Expect<T extends true> = T
