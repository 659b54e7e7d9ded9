import { describeServices, startServices, stopServices } from "./services.mjs";
import { endChildren } from "./workspace.mjs";

/**
 * Offers a stage that starts the services of the tests, and ends what it started when `work` is over, also when it is interrupted.
 * Where `CI=true` the stage fails if one of them is not available: there every test must run.
 *
 * @template Result
 * @param {(servicesStage: import("./stages.mjs").Stage) => Promise<Result>} work
 * @returns {Promise<Result>}
 */
export async function withServices(work) {
  let startedDocker = false;
  const stop = async () => {
    if (startedDocker) await stopServices();
  };
  for (const [signal, code] of /** @type {const} */ ([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ])) {
    process.once(signal, () => {
      endChildren();
      void stop().finally(() => process.exit(code));
    });
  }
  const run = async () => {
    const started = await startServices();
    startedDocker = started.startedDocker;
    console.log(describeServices(started.services));
    const missing = Object.values(started.services).some((service) => !service.available);
    return missing && process.env.CI === "true" ? 1 : 0;
  };
  try {
    return await work({ name: "services", run });
  } finally {
    await stop();
  }
}
