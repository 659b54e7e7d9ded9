import { systemClock, type Check, type ComponentReference, type DeployTarget } from "@fairlead/core";
import { docker as service } from "@fairlead/test-support";
import { buildWorkerImage, type WorkerImageOptions } from "@fairlead/testing/docker";
import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { promisify } from "node:util";
import { expect } from "vitest";
import type { DockerSettings } from "../../src/options.js";
import { docker, type DockerWorkerOptions } from "../../src/index.js";
import { plainCall } from "./calls.js";
import { createComponent } from "./inputs.js";

const run = promisify(execFile);

/** Docker's own command line: what it says about the engine is not said by the code under test. */
export async function dockerCli(...parameters: readonly string[]): Promise<string> {
  const { stdout } = await run("docker", ["--host", `unix://${service.socketPath}`, ...parameters], { maxBuffer: 64 * 1024 * 1024 });
  return stdout.trim();
}

interface InspectedContainer {
  readonly Name: string;
  readonly Image: string;
  readonly State: { readonly Status: string; readonly ExitCode: number; readonly StartedAt: string; readonly Pid: number };
  readonly Config: { readonly Env: readonly string[]; readonly Labels: Readonly<Record<string, string>> };
  readonly HostConfig: { readonly RestartPolicy: { readonly Name: string }; readonly Memory: number; readonly NetworkMode: string };
}

/** What `docker inspect` says about a container. */
export async function inspect(idOrName: string): Promise<InspectedContainer> {
  const json = await dockerCli("inspect", "--type", "container", "--format", "{{json .}}", idOrName);
  return JSON.parse(json) as InspectedContainer;
}

const readyFile = "/tmp/ready";

/** What a program says when it handles the signal to stop: from then on it can be told to finish. */
export const sayReady = `(await import("node:fs")).writeFileSync("${readyFile}", "");`;

/** A program that takes jobs until it is told to stop, and then finishes. */
export const goodWorker = `
  console.log("working as " + process.env.FAIRLEAD_RELEASE);
  const work = setInterval(() => {}, 1000);
  process.on("SIGTERM", () => { console.log("finished"); clearInterval(work); process.exit(0); });
  ${sayReady}
`;

/** How workers are run that say when they are ready: quickly, and however slow the machine is. */
export const patientOptions: DockerWorkerOptions = {
  pull: "never",
  minHealthyTime: "200ms",
  startTimeout: "30s",
  stopTimeout: "10s",
  heartbeat: { file: readyFile, maxAge: "1h" },
};

const images: string[] = [];
const applications: string[] = [];

/** Builds an image of its own tag for a script; equal scripts share their content. */
export async function imageOf(script: string, options: Partial<WorkerImageOptions> = {}): Promise<string> {
  const tag = `fairlead-testing/plugin:${randomUUID()}`;
  const image = await buildWorkerImage({ socketPath: service.socketPath, tag, script, ...options });
  if (!image.available) expect.unreachable(image.reason);
  images.push(tag);
  return tag;
}

/** The plugin as a deployer sets it up, and a component: one that no other test has unless it is given. */
export async function createSubject(
  worker: DockerWorkerOptions = patientOptions,
  { registries = {}, socketPath = service.socketPath }: Partial<Pick<DockerSettings, "registries" | "socketPath">> = {},
  component = createComponent(),
): Promise<{
  readonly target: Required<Omit<DeployTarget, "promoteTimeout">>;
  readonly checks: readonly Check[];
  readonly component: ComponentReference;
}> {
  applications.push(component.application);
  const plugin = docker({ socketPath, components: { [component.component]: worker } });
  const checked = await plugin.schema["~standard"].validate(plugin.options);
  if (checked.issues !== undefined) expect.unreachable(checked.issues.map(({ message }) => message).join());
  const context = {
    name: plugin.name,
    application: component.application,
    environment: component.environment,
    clock: systemClock,
    log: plainCall.log,
    redact: (text: string) => text,
  };
  const { target, checks } = await plugin.setup({ ...(checked.value as object), registries }, context);
  return { target: target as Required<DeployTarget>, checks: checks ?? [], component };
}

/** Names of a component's containers that run. */
export async function running({ application, environment, component }: ComponentReference): Promise<readonly string[]> {
  const labels = Object.entries({ application, environment, component }).flatMap(([name, value]) => [
    "--filter",
    `label=fairlead.${name}=${value}`,
  ]);
  const names = await dockerCli("ps", ...labels, "--format", "{{.Names}}");
  return names === "" ? [] : names.split("\n");
}

/** Removes what the tests of a file have made. */
export async function cleanUp(): Promise<void> {
  for (const application of applications.splice(0)) {
    const ids = await dockerCli("ps", "--all", "--quiet", "--filter", `label=fairlead.application=${application}`);
    if (ids !== "") await dockerCli("rm", "--force", "--volumes", ...ids.split("\n"));
  }
  if (images.length > 0) await dockerCli("image", "rm", "--force", ...images.splice(0));
}

export async function collect<Item>(items: AsyncIterable<Item>): Promise<readonly Item[]> {
  const collected: Item[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}
