// Measures the case that the first argument names, as long as the second says, and tells who forked it.
import { allCases } from './cases/all.ts'
import { type Effort, measure } from './harness.ts'
import { judge } from './ratio.ts'

const [name = '', effort = ''] = process.argv.slice(2)
const made = allCases()
  .find((planned) => planned.name === name)!
  .make()
process.send!(made === null ? null : judge(made, measure(made, JSON.parse(effort) as Effort)))
