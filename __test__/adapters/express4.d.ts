/** Express 4, installed beside 5 under this name. */
declare module 'express4' {
  // What the tests use of it has the same types.
  export { default } from 'express'
}
