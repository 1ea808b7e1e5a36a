/**
 * A module that imports as CommonJS does, by `require`: with a bundler, TypeScript 5.4 knows CommonJS by this, and not by
 * the name of the file.
 */
export function asCommonJs(text: string): string {
  return text.replace(
    /^import (type )?\{([^}]+)\} from ('.+')$/gm,
    (statement: string, isType: string | undefined, names: string, from: string, position: number) =>
      isType === undefined
        ? required(`entry${position}`, names, from)
        : `${statement} with { 'resolution-mode': 'require' }`,
  )
}

function required(entry: string, names: string, from: string): string {
  const each = names.match(/\w+/g) ?? []
  return [
    `import ${entry} = require(${from})`,
    ...each.map((name) => `import ${name} = ${entry}.${name}`),
  ].join('\n')
}
