import type { Backend } from '../../src/backend/backend.ts'
import type { Applications } from './applications.ts'
import type { Framework } from './settings.ts'
import type { Twins } from './twins.ts'
import type { VectorFile } from './vectors.ts'

/** All that a case is judged by. */
export interface Court {
  readonly backend: Backend
  readonly file: VectorFile
  readonly framework: Framework
  readonly applications: Applications
  readonly twins: Twins
}
