export { claimName, streamNames } from "./names.js";
export { emptyHead, sealEvents, verifyEvents, type Head } from "./seal.js";
