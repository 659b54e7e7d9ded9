export { docker } from "./docker.js";
export { dockerErrors } from "./docker-errors.js";
export type { FailureReport } from "./failure-report.js";
export type { GateFailure } from "./gate.js";
export type { DockerOptions, DockerWorkerOptions } from "./options.js";
