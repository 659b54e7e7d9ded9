export { carriers, type Carrier } from "./carriers.js";
export { findLeaks, type FindLeaksOptions, type Leak, type LeakSource } from "./find-leaks.js";
export type { Canary } from "./hunt.js";
