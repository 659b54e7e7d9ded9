import { readdirSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { root } from "../workspace.mjs";

/** The packages whose errors and events people meet, core first. */
export const documentedPackages = [
  "core",
  ...readdirSync(join(root, "packages"))
    .filter((name) => name.startsWith("plugin-"))
    .sort(),
];

/** @param {string} name @returns {string} the folder of a package's sources */
export function sourcesOf(name) {
  return join(root, "packages", name, "src");
}

/** @returns {ts.Program} all sources of these packages, without tests */
export function readSources() {
  const config = ts.parseConfigFileTextToJson("tsconfig.base.json", ts.sys.readFile(join(root, "tsconfig.base.json")) ?? "");
  const { options } = ts.convertCompilerOptionsFromJson(config.config.compilerOptions, root);
  const files = documentedPackages.flatMap((name) =>
    ts.sys.readDirectory(sourcesOf(name), [".ts"]).filter((file) => !/\.test(-d)?\.ts$/.test(file)),
  );
  const program = ts.createProgram(files, { ...options, noEmit: true, composite: false, incremental: false });
  // Only then nodes know what they stand in.
  program.getTypeChecker();
  return program;
}

/** @param {ts.Node} node @returns {string} what its docstring says, on one line */
export function docstringOf(node) {
  const [last] = ts.getJSDocCommentsAndTags(node).slice(-1);
  return last === undefined || !ts.isJSDoc(last) ? "" : oneLine(ts.getTextOfJSDocComment(last.comment) ?? "");
}

/** @param {ts.PropertyName} name */
export function nameOf(name) {
  return ts.isStringLiteral(name) || ts.isIdentifier(name) ? name.text : name.getText();
}

/** @param {string} text */
export function oneLine(text) {
  return text.replaceAll(/\s+/g, " ").trim();
}
