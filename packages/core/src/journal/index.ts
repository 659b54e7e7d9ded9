export { claimName, streamNames } from "./names.js";
export { emptyHead, sealEvents, verifyEvents, type Head, type UnsealedEvent } from "./seal.js";
