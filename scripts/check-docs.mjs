// Fails when something public has no docstring, or a public function or class no @example. Errors need no example.
import { readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import ts from 'typescript'
import { root } from './project.mjs'

const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const entries = Object.values(manifest.exports)
  .filter((target) => typeof target === 'object')
  .map((target) => join(root, target.default.replace(/^\.\/dist\//, '').replace(/\.js$/, '.ts')))

const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile)
const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root)
const program = ts.createProgram(entries, options)
const checker = program.getTypeChecker()

/** @type {Set<string>} */
const problems = new Set()
/** @type {Set<ts.Symbol>} */
const seen = new Set()
for (const entry of entries) {
  const source = program.getSourceFile(entry)
  const module = source && checker.getSymbolAtLocation(source)
  if (!module) {
    problems.add(`${relative(root, entry)}: no such module`)
    continue
  }
  for (const exported of checker.getExportsOfModule(module)) {
    const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported
    if (seen.has(symbol)) continue
    seen.add(symbol)
    const documented = symbol.getDocumentationComment(checker).length > 0
    if (!documented) problems.add(`${place(symbol)}: ${exported.name} has no docstring`)
    if (!needsExample(symbol)) continue
    const examples = symbol.getJsDocTags(checker).filter((tag) => tag.name === 'example')
    if (examples.length === 0) problems.add(`${place(symbol)}: ${exported.name} has no @example`)
  }
}

for (const problem of problems) process.stdout.write(`not ok ${problem}\n`)
if (problems.size === 0) process.stdout.write(`ok ${seen.size} public symbols of ${entries.length} entries\n`)
else process.exitCode = 1

/**
 * @param {ts.Symbol} symbol
 * @returns {boolean}
 */
function needsExample(symbol) {
  if (symbol.flags & ts.SymbolFlags.Function) return true
  if (!(symbol.flags & ts.SymbolFlags.Class)) return false
  return checker.getDeclaredTypeOfSymbol(symbol).getProperty('stack') === undefined
}

/**
 * @param {ts.Symbol} symbol
 * @returns {string}
 */
function place(symbol) {
  const declaration = symbol.declarations?.[0]
  if (!declaration) return '?'
  const source = declaration.getSourceFile()
  const { line } = source.getLineAndCharacterOfPosition(declaration.getStart())
  return `${relative(root, source.fileName)}:${line + 1}`
}
