import { createServer } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Store } from "@fairlead/core";
import { ask, startServer, type RunningServer } from "@fairlead/test-support/servers";
import { startHook, type Message } from "./hook.ts";

/** When a process is killed: so many milliseconds after the outage began or ended, whoever leads; or while it delivers what is to be told of it, whoever does. */
export type Moment = number | "delivery";

export interface Play {
  readonly store: "sqlite" | "postgres";
  readonly kills: { readonly outage: Moment; readonly recovery: Moment };
}

/** What came of it. */
export interface Ending {
  readonly messages: readonly Message[];
  /** Kinds of what happened to incidents, in their order. */
  readonly history: readonly string[];
  readonly shown: readonly unknown[];
  /** Who was killed when. */
  readonly killed: readonly string[];
  /** Whether processes were taken for gone that were not killed: the machine stood still, and the page has said so. */
  readonly stoodStill: boolean;
}

const place = { application: "shop", environment: "development" };
const page = "status/shop/development";
const patience = 240_000;

/** Three processes of `fleet.ts` on one store: an outage, a kill, a recovery, another kill. */
export async function perform(
  { kills }: Play,
  { store, env }: { readonly store: Store; readonly env: Readonly<Record<string, string>> },
): Promise<Ending> {
  let isWell = true;
  const search = createServer((_, response) => response.writeHead(isWell ? 200 : 500).end()).listen(0, "127.0.0.1");
  await once(search, "listening");
  const killed: string[] = [];
  const members = new Map<string, RunningServer>();

  const kill = (name: string | undefined, when: string): void => {
    if (name === undefined || !members.has(name)) return;
    members.get(name)?.child.kill("SIGKILL");
    members.delete(name);
    killed.push(`${name} ${when}`);
  };
  const leader = async (): Promise<string | undefined> => {
    const { instance } = (await store.leases.read(page))?.holder ?? {};
    return typeof instance === "string" ? instance : undefined;
  };
  const deliverer = async (type: string): Promise<string | undefined> => {
    const pending = await store.outbox.list({ ...place, state: "pending" });
    const holder = pending.find(({ notification }) => notification.event === type)?.lease?.holder;
    const { pid } = JSON.parse(holder ?? "{}") as { readonly pid?: number };
    return [...members].find(([, { child }]) => child.pid === pid)?.[0];
  };
  const hook = await startHook(async (type) => {
    if (kills[type === "incident.opened" ? "outage" : "recovery"] === "delivery") kill(await deliverer(type), `delivering ${type}`);
  });
  const told = (type: string): boolean => hook.messages.some((message) => message.type === type);
  /** Turns the weather, kills, and waits until it is told. */
  const turn = async (well: boolean, when: Moment, type: string): Promise<void> => {
    isWell = well;
    if (when !== "delivery") {
      await pause(when);
      kill(await leader(), `leading, ${String(when)} ms after it ${well ? "ended" : "began"}`);
    }
    await until(`${type} is told`, () => told(type));
    await until("nothing is left to be told", async () => (await store.outbox.list({ ...place, state: "pending" })).length === 0);
  };

  try {
    const own = {
      ...env,
      HOOK_URL: hook.url,
      HOOK_SECRET: hook.secret,
      SEARCH_URL: `http://127.0.0.1:${String((search.address() as AddressInfo).port)}`,
      ...{ INTERVAL: "2s", OPEN_AFTER: "1s", RESOLVE_AFTER: "2s" },
    };
    const start = async (name: string): Promise<void> => {
      members.set(name, await startServer("fleet.ts", { cwd: join(import.meta.dirname, "../.."), env: { ...own, HOSTNAME: name } }));
    };
    await Promise.all(["ada", "bob", "eve"].map(start));
    await until("all say that they are well", async () => (await store.list({ prefix: "heartbeat/shop/development/" })).items.length === 3);
    await until("the page says so", async () => (await pageOf(members)).status === "operational");

    await turn(false, kills.outage, "incident.opened");
    await turn(true, kills.recovery, "incident.resolved");

    const events = await store.read(page, { limit: 1_000 });
    const { incidents } = await pageOf(members, "/api/v2/incidents.json");
    return {
      messages: hook.messages,
      history: events
        .map(({ type, data }) => (data["status"] === "resolved" ? "incident.resolved" : type))
        .filter((type) => type.startsWith("incident.")),
      shown: incidents ?? [],
      killed,
      stoodStill: events.some(({ type, data }) => type === "component.changed" && data["known"] === false),
    };
  } finally {
    for (const { child } of members.values()) child.kill("SIGKILL");
    hook.stop();
    search.close();
  }
}

interface Page {
  readonly status?: string;
  readonly incidents?: readonly unknown[];
}

async function pageOf(members: ReadonlyMap<string, RunningServer>, path = "/api/v2/components.json"): Promise<Page> {
  const [member] = members.values();
  const { components, incidents } = (await ask(member?.port ?? 0, path)).json() as {
    readonly components?: readonly { readonly status: string }[];
    readonly incidents?: readonly unknown[];
  };
  return { ...(components?.[0] === undefined ? {} : { status: components[0].status }), ...(incidents === undefined ? {} : { incidents }) };
}

async function until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + patience;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`it does not come to it that ${what}`);
    await pause(100);
  }
}
