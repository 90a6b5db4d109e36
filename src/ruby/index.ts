export { RubyFloat } from './float.ts'
export type {
  TypedFloat,
  TypedHash,
  TypedInteger,
  TypedPlainHash,
  TypedString,
  TypedTree,
  TypedValue,
} from './typed.ts'
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
