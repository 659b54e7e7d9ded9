import { dirname, join, relative, sep } from "node:path";
import { floors, standingAlone } from "./floors.js";
import { visitImports } from "./visit-imports.js";

const core = join(import.meta.dirname, "../../packages/core/src");

/** @param {string} file @returns {string | undefined} the folder of core that a file lies in; "" for the roof; undefined outside core */
function folderOf(file) {
  const path = relative(core, file).split(sep);
  if (path[0] === "..") return undefined;
  return path.length === 1 ? "" : path[0];
}

/** @type {import("eslint").Rule.RuleModule} */
export const coreFloors = {
  meta: {
    type: "problem",
    docs: { description: "Inside core nothing imports upwards. See ARCHITECTURE.md#floors." },
    messages: {
      upwards:
        "fairlead/core-floors: `{{from}}` (floor {{fromFloor}}) may not import `{{to}}` (floor {{toFloor}}): nothing in core imports upwards. See ARCHITECTURE.md#floors.",
      roof: "fairlead/core-floors: `{{from}}` may not import a file that stands directly in src: those are the roof. See ARCHITECTURE.md#floors.",
      alone: "fairlead/core-floors: `{{from}}` stands alone and may import only {{allowed}}, not `{{to}}`. See ARCHITECTURE.md#floors.",
      homeless: "fairlead/core-floors: the folder `{{folder}}` has no floor yet. Give it one in tools/eslint-rules/floors.js.",
    },
    schema: [],
  },
  create(context) {
    const from = folderOf(context.filename);
    if (from === undefined || from === "") return {};
    const floorOf = (/** @type {string} */ folder) => floors.findIndex((floor) => floor.includes(folder));
    const allowed = Object.entries(standingAlone).find(([folder]) => folder === from)?.[1];
    const fromFloor = floorOf(from);
    return {
      Program(node) {
        if (fromFloor === -1) context.report({ node, messageId: "homeless", data: { folder: from } });
      },
      ...visitImports((specifier, node) => {
        if (!specifier.startsWith(".")) return;
        const to = folderOf(join(dirname(context.filename), specifier));
        if (to === undefined || to === from || fromFloor === -1) return;
        if (to === "") return context.report({ node, messageId: "roof", data: { from } });
        const toFloor = floorOf(to);
        if (toFloor === -1) return context.report({ node, messageId: "homeless", data: { folder: to } });
        if (allowed !== undefined && !allowed.includes(to))
          return context.report({ node, messageId: "alone", data: { from, to, allowed: allowed.join(", ") } });
        if (toFloor > fromFloor)
          context.report({
            node,
            messageId: "upwards",
            data: { from, to, fromFloor: String(fromFloor + 1), toFloor: String(toFloor + 1) },
          });
      }),
    };
  },
};
