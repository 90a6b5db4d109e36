import { RubyFloat } from '../../ruby/float.ts'
import { rubyFloatText } from '../../ruby/float-text.ts'
import { RubySymbol } from '../../ruby/symbol.ts'
import type { InstanceNode } from './node.ts'
import { isShown, legible } from './names.ts'
import { textOf } from './text.ts'

/** Whether an object is an Exception, which has its message in a variable without an `@`. */
export function isException({ className, variables }: InstanceNode): boolean {
  if (variables.some(([{ name }]) => name === 'mesg')) return true
  return EXCEPTIONS.test(className.name) && !variables.some(isShown)
}

/** What `Exception#message` gives. Without a message, or with one that is no text, there is the name of the class. */
export function messageOf(message: unknown, className: string): string {
  if (message instanceof RubySymbol) return message.name
  if (message instanceof RubyFloat) return rubyFloatText(message.value)
  const text = textOf(message)
  if (text !== null) return legible(text)
  return typeof message === 'object' || message === undefined ? className : String(message)
}

/** Names that Ruby gives its own. */
const EXCEPTIONS = /(?:Error|Exception|Interrupt|StopIteration|SystemExit)$|^Errno::/
