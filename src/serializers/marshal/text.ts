import { RubyObject } from '../../ruby/object.ts'
import { RubySafeBuffer } from '../../ruby/safe-buffer.ts'
import { RubyString } from '../../ruby/string.ts'

/** The String that a value is, of whatever class; null for what is none. */
export function textOf(value: unknown): RubyString | null {
  if (value instanceof RubyString) return value
  if (value instanceof RubySafeBuffer) return value.string
  return value instanceof RubyObject && value.kind === 'string' ? (value.value as RubyString) : null
}

/** The Array that a value is, of whatever class; null for what is none. */
export function arrayOf(value: unknown): readonly unknown[] | null {
  if (Array.isArray(value)) return value
  return value instanceof RubyObject && value.kind === 'array' ? (value.value as unknown[]) : null
}
