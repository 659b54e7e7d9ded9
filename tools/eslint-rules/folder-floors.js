import { dirname, join, relative, sep } from "node:path";
import { besideEachOther, floors, standingAlone } from "./floors.js";
import { visitImports } from "./visit-imports.js";

const packages = join(import.meta.dirname, "../../packages");

/**
 * Where a file lies: the package, if that has floors, and the folder in it; "" for the roof.
 *
 * @param {string} file
 */
function placeOf(file) {
  const [name = "", source, folder = "", ...rest] = relative(packages, file).split(sep);
  const own = floors[name];
  if (own === undefined || source !== "src") return undefined;
  if (rest.length > 0) return { name, own, folder };
  const word = folder.replace(/\.js$/, ".ts").replace(/^.*-errors\.ts$/, "errors");
  return { name, own, folder: own.flat().includes(word) ? word : "" };
}

/** @type {import("eslint").Rule.RuleModule} */
export const folderFloors = {
  meta: {
    type: "problem",
    docs: { description: "Inside a package nothing imports upwards. See ARCHITECTURE.md#floors." },
    messages: {
      upwards:
        "fairlead/floors: `{{from}}` (floor {{fromFloor}}) may not import `{{to}}` (floor {{toFloor}}): nothing in {{name}} imports upwards. See ARCHITECTURE.md#floors.",
      beside:
        "fairlead/floors: `{{from}}` may not import `{{to}}`, which is on the same floor ({{fromFloor}}): in {{name}} a folder imports floors below its own. See ARCHITECTURE.md#floors.",
      roof: "fairlead/floors: `{{from}}` may not import a file that stands directly in src: those are the roof. See ARCHITECTURE.md#floors.",
      alone: "fairlead/floors: `{{from}}` stands alone and may import only {{allowed}}, not `{{to}}`. See ARCHITECTURE.md#floors.",
      homeless: "fairlead/floors: the folder `{{folder}}` has no floor yet. Give it one in tools/eslint-rules/floors.js.",
    },
    schema: [],
  },
  create(context) {
    const place = placeOf(context.filename);
    if (place === undefined || place.folder === "") return {};
    const { name, own, folder: from } = place;
    const floorOf = (/** @type {string} */ folder) => own.findIndex((floor) => floor.includes(folder));
    const allowed = Object.entries(standingAlone[name] ?? {}).find(([folder]) => folder === from)?.[1];
    const fromFloor = floorOf(from);
    return {
      Program(node) {
        if (fromFloor === -1) context.report({ node, messageId: "homeless", data: { folder: from } });
      },
      ...visitImports((specifier, node) => {
        if (!specifier.startsWith(".")) return;
        const there = placeOf(join(dirname(context.filename), specifier));
        if (there === undefined || there.name !== name || there.folder === from || fromFloor === -1) return;
        const to = there.folder;
        if (to === "") return context.report({ node, messageId: "roof", data: { from } });
        const toFloor = floorOf(to);
        if (toFloor === -1) return context.report({ node, messageId: "homeless", data: { folder: to } });
        if (allowed !== undefined && !allowed.includes(to))
          return context.report({ node, messageId: "alone", data: { from, to, allowed: allowed.join(", ") } });
        const data = { from, to, name, fromFloor: String(fromFloor + 1), toFloor: String(toFloor + 1) };
        if (toFloor > fromFloor) context.report({ node, messageId: "upwards", data });
        else if (toFloor === fromFloor && !besideEachOther.includes(name)) context.report({ node, messageId: "beside", data });
      }),
    };
  },
};
