export { dockerTestingErrors } from "./docker-testing-errors.js";
export { buildWorkerImage, type WorkerImage, type WorkerImageOptions } from "./worker-image.js";
