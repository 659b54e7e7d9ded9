/**
 * Calls `check(specifier, node)` for everything that names another module: imports, re-exports, dynamic imports, `import("x").Y` types.
 *
 * @param {(specifier: string, node: any) => void} check
 * @returns {import("eslint").Rule.RuleListener}
 */
export function visitImports(check) {
  /** @param {any} node */
  const visit = (node) => {
    if (typeof node.source?.value === "string") check(node.source.value, node.source);
  };
  return {
    ImportDeclaration: visit,
    ExportNamedDeclaration: visit,
    ExportAllDeclaration: visit,
    ImportExpression: visit,
    TSImportType: visit,
  };
}
