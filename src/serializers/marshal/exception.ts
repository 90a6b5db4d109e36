import { RubyFloat } from '../../ruby/float.ts'
import { rubyFloatText } from '../../ruby/float-text.ts'
import { RubySymbol } from '../../ruby/symbol.ts'
import type { InstanceNode } from './node.ts'
import { textOf } from './text.ts'

/** Whether an object is an Exception: nothing else has variables of these names, without an `@`. */
export function isException({ variables }: InstanceNode): boolean {
  return variables.some(([{ name }]) => name === 'mesg' || name === 'bt')
}

/** What `Exception#message` gives. Without a message that is the name of the class. */
export function messageOf(message: unknown, className: string): unknown {
  if (message === undefined || message === null) return className
  if (message instanceof RubySymbol) return message.string
  if (message instanceof RubyFloat) return rubyFloatText(message.value)
  return typeof message === 'object' ? (textOf(message) ?? message) : String(message)
}
