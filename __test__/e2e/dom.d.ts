// The names of the DOM that the types of playwright-core mention. The real ones (`lib: dom`) would let code that runs in
// Node.js use what only browsers have.
interface Node {}
interface HTMLElement extends Node {
  setAttribute(name: string, value: string): void
}
interface SVGElement extends HTMLElement {}
interface HTMLElementTagNameMap {}
