/** Ruby's values that JavaScript has no literal for, lossless trees of values, and the payload formats by themselves. */
export { RubyComplex } from './complex.ts'
export { RubyDate, RubyDateTime, type RubyDateTimeOptions } from './date.ts'
export { RubyDecimal } from './decimal.ts'
export { type DurationUnit, RubyDuration } from './duration.ts'
export { RubyFloat } from './float.ts'
export { fromTyped } from './from-typed.ts'
export { RubyHash, type RubyHashOptions } from './hash.ts'
export { RubyObject, type RubyObjectKind } from './object.ts'
export { RubyRange } from './range.ts'
export { RubyRational } from './rational.ts'
export { RubyRegexp } from './regexp.ts'
export { RubySafeBuffer } from './safe-buffer.ts'
export { RubyString } from './string.ts'
export { RubySymbol } from './symbol.ts'
export { RubyTime, type RubyTimeOptions } from './time.ts'
export { RubyTimeWithZone } from './time-with-zone.ts'
export type * from './typed.ts'
export { typedTree } from './typed-tree.ts'
export type { JsonResult } from '../serializers/json/parser.ts'
export { readJson, readJsonTyped } from '../serializers/json/reader.ts'
export { type JsonWriteOptions, writeJson } from '../serializers/json/writer.ts'
export {
  type MessagePackReadOptions,
  type MessagePackResult,
  readMessagePack,
  readMessagePackTyped,
} from '../serializers/message-pack/reader.ts'
export { type MessagePackWriteOptions, writeMessagePack } from '../serializers/message-pack/writer.ts'
export {
  MarshalDump,
  type MarshalWriteOptions,
  readMarshal,
  readMarshalTyped,
  writeMarshal,
} from '../serializers/marshal/dump.ts'
export type { MarshalResult, Refusal as MarshalRefusal } from '../serializers/marshal/refusal.ts'
