import { isFairleadError, secret, type Plugin } from "@fairlead/core";
import { expectTypeOf, test } from "vitest";
import { docker, type FailureReport } from "./index.js";

test("a plugin is typed by its name and what it provides", () => {
  expectTypeOf(docker()).toEqualTypeOf<Plugin<"docker", "target" | "checks">>();
  expectTypeOf(docker({ name: "docker-eu", socketPath: "/run/eu.sock" })).toEqualTypeOf<Plugin<"docker-eu", "target" | "checks">>();
  docker({
    components: { worker: { stopTimeout: "30s", heartbeat: { file: "/tmp/heartbeat", maxAge: "20s" }, overlap: "stop-first" } },
    registries: { "ghcr.io": { username: "ada", password: secret("GHCR_TOKEN") } },
  });
});

test("mistakes do not compile", () => {
  // @ts-expect-error a misspelt option
  docker({ socket: "/var/run/docker.sock" });
  // @ts-expect-error a misspelt option of a component
  docker({ components: { worker: { stopTimout: "30s" } } });
  // @ts-expect-error a duration without a unit
  docker({ components: { worker: { stopTimeout: "30" } } });
  // @ts-expect-error no such order
  docker({ components: { worker: { overlap: "both" } } });
  // @ts-expect-error a secret as plain text
  docker({ registries: { "ghcr.io": { username: "ada", password: "hunter2" } } });
});

test("an error's code tells what data it has", () => {
  const error: unknown = undefined;
  if (isFairleadError(error, "DOCKER_GATE_FAILED")) expectTypeOf(error.data).toEqualTypeOf<FailureReport>();
  if (isFairleadError(error, "DOCKER_NAME_TAKEN")) expectTypeOf(error.data.owner).toEqualTypeOf<string>();
});
