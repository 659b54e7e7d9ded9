import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { visitImports } from "./visit-imports.js";

const root = join(import.meta.dirname, "../..");

/** @typedef {{ readonly name: string, readonly folder: string, readonly kind: string }} Package */

/** @param {string} file @returns {Package | undefined} the workspace package that a file belongs to */
function packageOf(file) {
  const [group, name] = relative(root, file).split(sep);
  if (name === undefined || !["packages", "examples", "tools"].includes(group ?? "")) return undefined;
  const kind = group === "packages" ? (name.startsWith("plugin-") ? "plugin" : name) : (group ?? "");
  return { name, folder: join(root, group ?? "", name), kind };
}

/** @param {string} name @returns {ReadonlySet<string> | undefined} the entry points that a package of ours offers, as imports name them */
function entryPointsOf(name) {
  const manifest = ["packages", "tools"].map((group) => join(root, group, name, "package.json")).find((path) => existsSync(path));
  if (manifest === undefined) return undefined;
  const { exports } = JSON.parse(readFileSync(manifest, "utf8"));
  return new Set(Object.keys(exports).map((subpath) => `@fairlead/${name}${subpath.slice(1)}`));
}

/** @param {Package} importer @param {string} imported @param {boolean} isTest */
function mayImport(importer, imported, isTest) {
  if (imported === importer.name || imported === "test-support") return isTest;
  switch (importer.kind) {
    case "core":
      return isTest && imported === "testing";
    case "testing":
      return imported === "core";
    case "plugin":
      return imported === "core" || (isTest && imported === "testing");
    default:
      return true;
  }
}

/** @type {import("eslint").Rule.RuleModule} */
export const packageBoundaries = {
  meta: {
    type: "problem",
    docs: { description: "Packages meet only at their published entry points. See ARCHITECTURE.md#boundaries." },
    messages: {
      escape:
        "fairlead/package-boundaries: `{{specifier}}` leaves the package. Import the other package by its name. See ARCHITECTURE.md#boundaries.",
      neighbour:
        "fairlead/package-boundaries: `{{importer}}` may not import `{{specifier}}`. A plugin uses core's entry points and nothing else of ours; if it needs more, core is missing something. See ARCHITECTURE.md#boundaries.",
      deep: "fairlead/package-boundaries: `{{specifier}}` is not an entry point of its package (package.json `exports` has {{entryPoints}}). See ARCHITECTURE.md#boundaries.",
    },
    schema: [],
  },
  create(context) {
    const importer = packageOf(context.filename);
    if (importer === undefined) return {};
    const isTest = /\.test(-d)?\.ts$/.test(context.filename) || relative(importer.folder, context.filename).startsWith(`test${sep}`);
    return visitImports((specifier, node) => {
      if (specifier.startsWith(".")) {
        const target = relative(importer.folder, join(dirname(context.filename), specifier));
        if (target.startsWith("..") && !context.filename.endsWith("tsup.config.ts")) {
          context.report({ node, messageId: "escape", data: { specifier } });
        }
        return;
      }
      const imported = /^@fairlead\/([^/]+)/.exec(specifier)?.[1];
      const entryPoints = imported === undefined ? undefined : entryPointsOf(imported);
      if (imported === undefined || entryPoints === undefined) return;
      if (!mayImport(importer, imported, isTest)) {
        context.report({ node, messageId: "neighbour", data: { importer: importer.name, specifier } });
      } else if (!entryPoints.has(specifier)) {
        context.report({ node, messageId: "deep", data: { specifier, entryPoints: [...entryPoints].join(", ") } });
      }
    });
  },
};
