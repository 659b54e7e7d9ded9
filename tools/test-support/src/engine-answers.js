import { request } from "node:http";

/**
 * Whether a Docker engine answers at a socket, within two seconds. Plain JavaScript, because it also serves the scripts that run before
 * anything is installed.
 *
 * @param {string} socketPath
 * @returns {Promise<boolean>}
 */
export function engineAnswers(socketPath) {
  return new Promise((resolve) => {
    const ping = request({ socketPath, path: "/_ping", timeout: 2_000 }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    ping.on("timeout", () => ping.destroy());
    ping.on("error", () => resolve(false));
    ping.end();
  });
}

/** The socket of the engine that the environment names, else the usual one. */
export function engineSocket() {
  const host = process.env["DOCKER_HOST"];
  return host?.startsWith("unix://") ? host.slice("unix://".length) : "/var/run/docker.sock";
}
