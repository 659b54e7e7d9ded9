export { listAll } from "./list-all.js";
export { claimName, streamNames } from "./names.js";
export { exportLines, verifyExport, type JournalReport } from "./exported.js";
export { emptyHead, sealEvents, verifyEvents, type Head } from "./seal.js";
