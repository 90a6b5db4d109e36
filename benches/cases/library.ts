/** The names under which the library stands in the tables. */
export const LIBRARY = {
  native: { name: 'rails-session', role: 'ours' },
  node: { name: "rails-session, backend: 'node'", role: 'fallback' },
} as const
