import type { CallOptions, ComponentReference, DeploymentCall } from "@fairlead/core";
import { targetSuite, trafficSuite, type TrafficFixture, type TrafficScene } from "@fairlead/testing/conformance";
import { startEdgeEmulator, type EdgeEmulator } from "@fairlead/testing/emulators";
import { afterAll, beforeAll, beforeEach, describe, test } from "vitest";
import { createEdgeApi, type EdgeApi } from "../edge/edge-api.ts";
import { edgeRouter } from "../edge/edge-router.ts";
import { edgeTarget } from "../edge/edge-target.ts";
import { startSites, type Sites } from "../sites.ts";

const versions = Array.from({ length: 12 }, (_, index) => index + 1);
const component = { application: "shop", environment: "production", component: "web", role: "web" } as const;

let edge: EdgeEmulator;
let sites: Sites;
let api: EdgeApi;
/** Where users ask, by service. */
const addresses = new Map<string, string>();

beforeAll(async () => {
  [edge, sites] = await Promise.all([startEdgeEmulator(), startSites(versions.map(imageOf))]);
  api = createEdgeApi(edge.url, edge.token);
});
beforeEach(() => edge.reset());
afterAll(async () => {
  await Promise.all([edge.stop(), sites.stop()]);
});

const patient = { test: (name: string, run: () => Promise<void>) => test(name, { timeout: 180_000 }, run), describe };

describe("an edge as a place where a component runs", () => {
  targetSuite(patient, {
    create: () => {
      const target = edgeTarget(api, { url: edge.url, addresses: sites.addresses });
      return {
        target,
        again: () => edgeTarget(createEdgeApi(edge.url, edge.token), { url: edge.url, addresses: sites.addresses }),
        component,
        artifact: (version) => ({ kind: "image", digest: `sha256:${String(version).padStart(64, "0")}`, reference: imageOf(version) }),
        brokenArtifact: () => ({ kind: "image", digest: `sha256:${"f".repeat(64)}`, reference: "shop:nowhere" }),
        witness: {
          async serving() {
            const answered = await ask(component);
            return answered === undefined ? [] : [`rel_${answered.slice("shop:".length).padStart(26, "0")}`];
          },
          candidates: async () => Object.keys((await viewOf(component))?.upstreams ?? {}).length,
        },
        dispose: () => Promise.resolve(),
      };
    },
    patience: "60s",
  });
});

describe("an edge as a router", () => {
  trafficSuite(patient, {
    create: (): TrafficFixture => ({
      ...sceneOf(component),
      again: () => edgeRouter(createEdgeApi(edge.url, edge.token)),
      elsewhere: () => sceneOf({ ...component, environment: "staging" }),
      async outage() {
        await edge.fault({ kind: "status", status: 503, every: true });
      },
      async silence() {
        await edge.fault({ kind: "hang", every: true });
      },
      credentials: [edge.token],
      dispose: () => edge.clearFaults(),
    }),
    patience: "60s",
  });
});

function sceneOf(about: ComponentReference): TrafficScene {
  const target = edgeTarget(api, { url: edge.url, addresses: sites.addresses });
  const cookies = new Map<string, string>();
  let made = 0;
  return {
    router: edgeRouter(api),
    component: about,
    async prepare() {
      made += 1;
      const reference = imageOf(made);
      const release = { id: `rel_${made}`, application: "shop", createdAt: "2026-01-01T00:00:00.000Z" };
      return target.prepare(
        {
          ...about,
          release: { ...release, provenance: {}, artifacts: {}, migrations: [], contentDigest: "" },
          artifact: { kind: "image", digest: "", reference },
          key: `key-${made}`,
          variables: {},
        },
        call(`key-${made}`),
      );
    },
    promote: (candidate) => target.promote({ ...about, candidate }, call("promote")),
    async askInVain() {
      const url = await edge.siteUrl(serviceOf(about));
      await (await fetch(new URL("/broken", url))).text();
      return undefined;
    },
    async ask(session) {
      const image = await ask(about, { cookies, session });
      const candidates = Object.entries((await viewOf(about))?.upstreams ?? {});
      return candidates.find(([, address]) => image !== undefined && address.startsWith(sites.addresses[image] ?? "-"))?.[0];
    },
  };
}

/** The image that answers a user. */
async function ask(
  about: ComponentReference,
  { cookies, session = "" }: { readonly cookies?: Map<string, string>; readonly session?: string | undefined } = {},
): Promise<string | undefined> {
  const cookie = cookies?.get(session);
  const service = serviceOf(about);
  const url = addresses.get(service) ?? (await edge.siteUrl(service));
  addresses.set(service, url);
  const response = await fetch(url, cookie === undefined ? {} : { headers: { cookie } });
  const [given] = response.headers.getSetCookie();
  if (session !== "" && given !== undefined) cookies?.set(session, given.split(";")[0] ?? "");
  const text = await response.text();
  return response.ok ? text : undefined;
}

async function viewOf(about: ComponentReference) {
  return (await edge.state()).services.find(({ service }) => service === serviceOf(about));
}

function serviceOf({ application, environment, component: name }: ComponentReference): string {
  return `${application}.${environment}.${name}`;
}

function imageOf(version: number): string {
  return `shop:${version}`;
}

function call(idempotencyKey: string): CallOptions & DeploymentCall {
  const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
  return { signal: new AbortController().signal, log: silent, environment: "production", deploymentId: "dep_1", idempotencyKey };
}
