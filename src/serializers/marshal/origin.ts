import type { ObjectNode } from './node.ts'

/** What a RubyObject that was read out of a dump is written from. */
export class MarshalOrigin {
  readonly node: ObjectNode
  /** The dump was in a message whose MAC or tag was right: the application has written it. */
  readonly authentic: boolean

  constructor(node: ObjectNode, authentic: boolean) {
    this.node = node
    this.authentic = authentic
  }
}
