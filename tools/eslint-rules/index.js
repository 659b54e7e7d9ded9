import { coreFloors } from "./core-floors.js";
import { packageBoundaries } from "./package-boundaries.js";

/** The rules of this repository that no published plugin has. */
export const fairlead = {
  meta: { name: "fairlead" },
  rules: { "core-floors": coreFloors, "package-boundaries": packageBoundaries },
};
