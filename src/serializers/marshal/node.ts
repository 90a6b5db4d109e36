/**
 * What a Marshal dump says, as data: the objects that Ruby would make of it, and nothing interpreted. Written again, nodes
 * give the bytes that they were read from, if Ruby wrote those.
 *
 * A node is one Ruby object: what is linked in the dump is the same node, and nodes may contain each other in circles. Bytes
 * are strings with one character a byte. Nil, true, false and Integers that are no objects in Ruby are plain JavaScript.
 */
export type Node = null | boolean | number | SymbolNode | ObjectNode

/** A node that takes a number in the table of objects, by which it is linked. */
export type ObjectNode = FloatNode | BignumNode | ModuleNode | MutableNode

/** A node of an object that can be wrapped: nothing in Ruby freezes it. */
export type MutableNode =
  | StringNode
  | RegexpNode
  | ArrayNode
  | HashNode
  | StructNode
  | InstanceNode
  | UserDumpNode
  | UserMarshalNode

/** An instance variable (by its name, with `@` or without) or a member of a Struct. */
export type Variable = readonly [name: SymbolNode, value: Node]

/** What the prefixes `I`, `e` and `C` say about an object. */
export interface Wrappings {
  /** `I`: instance variables, in order; the encoding of a String is one of them. */
  readonly variables: Variable[]
  /** `e`: the modules that extend the object, from the first to the last, which is the order of the dump turned round. */
  readonly modules: SymbolNode[]
  /** `C`: the class, where it is a subclass of a built-in one. */
  userClass: SymbolNode | null
}

/** `:`, wrapped in `I` where its name is not ASCII. */
export interface SymbolNode {
  readonly kind: 'symbol'
  readonly name: string
  /** Ruby's name of the encoding that the variables tell. */
  encoding: string
  readonly variables: Variable[]
}

/** `f`: a Float, in the text of the dump. */
export interface FloatNode {
  readonly kind: 'float'
  readonly text: string
}

/** `l`: an Integer that is too large for an `i`. */
export interface BignumNode {
  readonly kind: 'bignum'
  readonly negative: boolean
  /** The absolute value, least significant byte first; an even number of bytes. */
  readonly magnitude: string
}

/** `c`, `m`, and `M` of old, which may be either: a class or a module itself. */
export interface ModuleNode {
  readonly kind: 'module'
  readonly tag: 'c' | 'm' | 'M'
  readonly name: string
}

/** `"` */
export interface StringNode extends Wrappings {
  readonly kind: 'string'
  readonly binary: string
}

/** `/` */
export interface RegexpNode extends Wrappings {
  readonly kind: 'regexp'
  readonly source: string
  readonly options: number
}

/** `[` */
export interface ArrayNode extends Wrappings {
  readonly kind: 'array'
  readonly elements: Node[]
}

/** `{`, or `}` with a default value. */
export interface HashNode extends Wrappings {
  readonly kind: 'hash'
  readonly pairs: Array<readonly [key: Node, value: Node]>
  /** The value for keys that are missing. */
  fallback: Node | undefined
  /** `C:Hash` before it: keys are compared by identity. */
  readonly byIdentity: boolean
}

/** `S` */
export interface StructNode extends Wrappings {
  readonly kind: 'struct'
  readonly className: SymbolNode
  readonly members: Variable[]
}

/** `o` */
export interface InstanceNode extends Wrappings {
  readonly kind: 'instance'
  readonly className: SymbolNode
}

/** `u`: an object whose class has written it into bytes; what is said about the bytes is among the variables. */
export interface UserDumpNode extends Wrappings {
  readonly kind: 'userDump'
  readonly className: SymbolNode
  readonly binary: string
}

/** `U`: an object whose class has written it as another one. */
export interface UserMarshalNode extends Wrappings {
  readonly kind: 'userMarshal'
  readonly className: SymbolNode
  content: Node
}

/** Nodes that are wrapped in nothing but what is said here. */
export function stringNode(binary: string, variables: Variable[] = []): StringNode {
  return { kind: 'string', binary, variables, modules: [], userClass: null }
}

export function regexpNode(source: string, options: number, variables: Variable[] = []): RegexpNode {
  return { kind: 'regexp', source, options, variables, modules: [], userClass: null }
}

export function arrayNode(elements: Node[]): ArrayNode {
  return { kind: 'array', elements, variables: [], modules: [], userClass: null }
}

export function hashNode(byIdentity: boolean = false): HashNode {
  return { kind: 'hash', pairs: [], fallback: undefined, byIdentity, variables: [], modules: [], userClass: null }
}

export function structNode(className: SymbolNode): StructNode {
  return { kind: 'struct', className, members: [], variables: [], modules: [], userClass: null }
}

export function instanceNode(className: SymbolNode): InstanceNode {
  return { kind: 'instance', className, variables: [], modules: [], userClass: null }
}

export function userDumpNode(className: SymbolNode, binary: string, variables: Variable[] = []): UserDumpNode {
  return { kind: 'userDump', className, binary, variables, modules: [], userClass: null }
}

export function userMarshalNode(className: SymbolNode, content: Node): UserMarshalNode {
  return { kind: 'userMarshal', className, content, variables: [], modules: [], userClass: null }
}

/** The name of an object's class. */
export function classNameOf(node: MutableNode): string {
  if (node.userClass !== null) return node.userClass.name
  return 'className' in node ? node.className.name : BUILT_IN[node.kind]
}

const BUILT_IN = { string: 'String', regexp: 'Regexp', array: 'Array', hash: 'Hash' } as const
