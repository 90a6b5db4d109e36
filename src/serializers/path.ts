/** Where a value is in another: `cart.items[2].price`; keys that are no identifiers in brackets and quotes. */
export function pathText(keys: readonly (string | number)[]): string {
  if (keys.length === 0) return 'the value'
  let path = ''
  for (const key of keys) {
    if (typeof key === 'number') path += `[${key}]`
    else if (!/^[A-Za-z_$][\w$]*$/.test(key)) path += `[${JSON.stringify(key)}]`
    else path += path === '' ? key : `.${key}`
  }
  return path
}
