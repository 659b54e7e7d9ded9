export { ask, type Answer } from "./ask.js";
export { expectDrain } from "./drained.js";
export { healthProbes, routeProbes, type Probe, type Probed } from "./probes.js";
export { startServer, type RunningServer } from "./start-server.js";
