import { folderFloors } from "./folder-floors.js";
import { packageBoundaries } from "./package-boundaries.js";

/** The rules of this repository that no published plugin has. */
export const fairlead = {
  meta: { name: "fairlead" },
  rules: { floors: folderFloors, "package-boundaries": packageBoundaries },
};
