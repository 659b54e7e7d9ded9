import { serializeError, systemClock } from "@fairlead/core";
import { once } from "node:events";
import { createDockerTarget } from "../../src/docker-target.js";
import type { DockerEngine } from "../../src/engine/docker-engine.js";
import { createDockerodeEngine } from "../../src/engine/dockerode-engine.js";
import { createCall } from "./calls.js";
import type { Errand, Kill, Report } from "./killed-process.js";
import { toSettings } from "./to-settings.js";

/** How long a request is on its way when the process dies during it, in milliseconds: sent, and not answered if it takes the engine any time. */
const underWay = 15;

const [{ socketPath, worker, kill, act }] = (await once(process, "message")) as [Errand];
const calls: string[] = [];
const changes = new Set(["create", "start", "stop", "setRestartPolicy", "remove"]);
let change = "begin";

function die(): Promise<never> {
  process.kill(process.pid, "SIGKILL");
  return new Promise(() => undefined);
}

function nameCall(method: string): string {
  const prefix = `${change} ${method}`;
  const name = `${prefix} ${String(calls.filter((known) => known.startsWith(`${prefix} `)).length + 1)}`;
  if (changes.has(method)) change = method;
  calls.push(name);
  return name;
}

/** The engine, for a process that may die at one of its calls. */
function dyingAt(engine: DockerEngine, last: Kill | undefined): DockerEngine {
  return new Proxy(engine, {
    get(target, name) {
      const method: unknown = Reflect.get(target, name);
      if (typeof method !== "function" || name === "logs") return method;
      return async (...parameters: unknown[]): Promise<unknown> => {
        const moment = nameCall(String(name)) === last?.call ? last.moment : undefined;
        if (moment === "before") await die();
        const answered: unknown = Reflect.apply(method, target, parameters);
        if (moment === "during") {
          await systemClock.sleep(underWay);
          await die();
        }
        const answer: unknown = await answered;
        if (moment === "after") await die();
        return answer;
      };
    },
  });
}

const engine = dyingAt(createDockerodeEngine({ socketPath, clock: systemClock }), kill);
const target = createDockerTarget({ engine, clock: systemClock, settings: await toSettings({ socketPath, components: { worker } }) });

async function perform(): Promise<Pick<Report, "candidate">> {
  if (act.method === "prepare") return { candidate: await target.prepare(act.input, createCall()) };
  await target.promote(act.input, createCall());
  return {};
}

const outcome = await perform().catch((error: unknown) => ({ error: serializeError(error) }));
process.send?.({ calls, ...outcome } satisfies Report);
process.disconnect();
