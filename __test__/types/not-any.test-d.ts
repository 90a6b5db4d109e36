import type * as main from '../../index.ts'
import type * as activeSupport from '../../src/active-support/index.ts'
import type { Equals, Expect, IsAny } from './equals.ts'

/** What belongs to the language, in which `any` occurs. */
type Foreign = Date | Uint8Array | ReadonlyMap<unknown, unknown>

/** Whether `any` stands anywhere in a type: as a property, parameter or result, seven levels deep. */
type Search<T, Levels extends unknown[] = [1, 1, 1, 1, 1, 1, 1]> =
  IsAny<T> extends true
    ? true
    : Levels extends [unknown, ...infer Fewer]
      ? T extends Foreign | string | number | bigint | boolean | symbol | null | undefined
        ? false
        : T extends Promise<infer Value>
          ? Search<Value, Fewer>
          : T extends (...parameters: infer Parameters) => infer Result
            ? Or<Search<Parameters[number], Fewer> | Search<Result, Fewer>>
            : T extends ReadonlyArray<infer Element>
              ? Search<Element, Fewer>
              : T extends object
                ? Or<{ [Key in keyof T]-?: Search<T[Key], Fewer> }[keyof T] | false>
                : false
      : false

type Or<T> = true extends T ? true : false
type HasAny<T> = Or<Search<T>>

// The search finds one, wherever it is.
/* oxlint-disable no-explicit-any -- they are what is searched for */
export type _InProperty = Expect<HasAny<{ a: { b: any } }>>
export type _InParameter = Expect<HasAny<{ a(b: string, c: any): void }>>
export type _InResult = Expect<HasAny<(b: string) => Promise<any>>>
export type _InElement = Expect<HasAny<{ a?: readonly any[] }>>
export type _InUnion = Expect<HasAny<{ a: string } | { b: any[] }>>
export type _Nowhere = Expect<Equals<HasAny<{ a: unknown; b(c: never): void; d?: Date }>, false>>
/* oxlint-enable no-explicit-any */

/** Instances of the exported classes, and what constructs them. */
type Instances<Module> = {
  [Name in keyof Module]: Module[Name] extends abstract new (...parameters: infer Parameters) => infer Instance
    ? [Parameters, Instance]
    : Module[Name]
}

export type _Main = Expect<Equals<HasAny<Instances<typeof main>>, false>>
export type _ActiveSupport = Expect<Equals<HasAny<Instances<typeof activeSupport>>, false>>

/** The exported types, which a module's own type does not list. */
export type _Types = Expect<
  Equals<
    HasAny<
      [
        main.Accepted,
        main.AeadCipher,
        main.CbcCipher,
        main.Cookie,
        main.CookieOptions,
        main.Cookies,
        main.CookiesSerializerName,
        main.CustomSerializer,
        main.DeleteCookieOptions,
        main.DiagnosticsMessages,
        main.Digest,
        main.LimitOptions,
        main.Meta,
        main.Opened,
        main.PayloadFormat,
        main.PlainValue,
        main.Rails,
        main.RailsOptions,
        main.RailsSessionErrorCode,
        main.RailsVersion,
        main.Rejected,
        main.RejectionReason,
        main.RequestOptions,
        main.RotationOptions,
        main.SameSite,
        main.SchemaResult<unknown>,
        main.SealOptions,
        main.SessionCookieOptions,
        main.SessionData,
        main.SetCookieOptions,
        main.StandardSchema,
        activeSupport.KeyGeneratorOptions,
        activeSupport.MessageEncryptorOptions,
        activeSupport.MessageMetadata,
        activeSupport.MessageOptions,
        activeSupport.MessageSerializerName,
        activeSupport.MessageVerifierOptions,
      ]
    >,
    false
  >
>
