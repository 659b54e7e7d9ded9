export { certificateCheck, type CertificateCheckOptions } from "./certificate-check.js";
export { createDrain, type Drain, type DrainOptions, type Drained } from "./drain.js";
export { diskCheck, type DiskCheckOptions } from "./disk-check.js";
export { eventLoopCheck, type EventLoopCheckOptions } from "./event-loop-check.js";
export { memoryCheck, type MemoryCheckOptions } from "./memory-check.js";
export { releaseCheck, type ReleaseCheckOptions } from "./release-check.js";
export { startLivenessResponder, type LivenessResponder, type LivenessResponderOptions } from "./liveness-responder.js";
export { tcpCheck, type TcpCheckOptions } from "./tcp-check.js";
