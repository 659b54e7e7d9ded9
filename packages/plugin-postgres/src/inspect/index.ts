export { lintFolder, type LintFolderOptions } from "./lint-folder.js";
export { lintPending, type LintPendingOptions } from "./lint-pending.js";
export { toAnnotations } from "./render-annotations.js";
export { toSarif } from "./render-sarif.js";
export { toText } from "./render-text.js";
export type { InspectedLock, InspectedStatement, Inspection, InspectionFinding, Severity } from "./inspection.js";
