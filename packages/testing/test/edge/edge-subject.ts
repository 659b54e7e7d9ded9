import type { ComponentReference } from "@fairlead/core";
import { connectEdgeEmulator } from "@fairlead/testing/emulators";
import { callOf, type TrafficFixture, type TrafficScene } from "../../src/conformance/traffic/fixture.js";
import { callEdge, createEdgeRouter, serviceOf, type EdgeAccess } from "./edge-router.js";
import { createUpstreams } from "./upstreams.js";

/** Who answered a request; nobody where it failed. */
export async function askAt(site: string, path = "/", cookie?: string): Promise<{ readonly side?: string; readonly cookie?: string }> {
  const response = await fetch(new URL(path, site), cookie === undefined ? {} : { headers: { cookie } }).catch(() => undefined);
  if (response === undefined) return {};
  const text = await response.text();
  const [given] = response.headers.getSetCookie();
  const kept = given?.split(";")[0] ?? cookie;
  return { ...(response.ok ? { side: text } : {}), ...(kept === undefined ? {} : { cookie: kept }) };
}

let made = 0;

/** A router before a running edge, with sites behind it and users before it. */
export function createEdgeFixture(access: EdgeAccess): TrafficFixture {
  const edge = connectEdgeEmulator(access.url);
  const upstreams = createUpstreams();
  made += 1;
  const component = { application: "shop", environment: "production", component: `web-${String(made)}`, role: "web" } as const;
  const sceneOf = (where: ComponentReference): TrafficScene => {
    const admin = (method: string, path: string, body: unknown): Promise<unknown> =>
      callEdge(access, callOf({ component: where }), { method, path: `${serviceOf(where)}/${path}`, body });
    const cookies = new Map<string, string>();
    let site: Promise<string> | undefined;
    return {
      router: createEdgeRouter(access),
      component: where,
      async prepare() {
        const { id, url } = await upstreams.start();
        await admin("PUT", `upstreams/${id}`, { url });
        return { id, url };
      },
      async promote({ id }) {
        await admin("PUT", "primary", { upstream: id });
      },
      async ask(session) {
        site ??= edge.siteUrl(serviceOf(where));
        const { side, cookie } = await askAt(await site, "/", cookies.get(session ?? ""));
        if (session !== undefined && cookie !== undefined) cookies.set(session, cookie);
        return side;
      },
      async askInVain() {
        site ??= edge.siteUrl(serviceOf(where));
        return (await askAt(await site, "/broken")).side;
      },
    };
  };
  const troubled = (kind: "status" | "hang"): Promise<unknown> =>
    edge.fault(kind === "status" ? { kind, status: 503, every: true } : { kind, every: true });
  return {
    ...sceneOf(component),
    again: () => createEdgeRouter(access),
    elsewhere: () => sceneOf({ ...component, environment: "staging" }),
    async begin() {
      const arrived = upstreams.held();
      const answer = askAt(await edge.siteUrl(serviceOf(component)), "/held").then(({ side }) => side);
      return { answer, end: await arrived };
    },
    async outage() {
      await troubled("status");
    },
    async silence() {
      await troubled("hang");
    },
    credentials: [access.token],
    async dispose() {
      await edge.clearFaults();
      await upstreams.stop();
    },
  };
}
