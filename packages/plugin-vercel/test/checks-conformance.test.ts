import type { CandidateSubject } from "@fairlead/core";
import { checksSuite, type ChecksFixture } from "@fairlead/testing/conformance";
import { createVercelEmulator, type Fault } from "@fairlead/testing/emulators";
import { describe, test } from "vitest";
import { createCall } from "./support/calls.js";
import { setUpPlugin } from "./support/plugin.js";
import { component, createSite, toInput } from "./support/site.js";

const token = "k3xQ9vLm2Zt7pRz8kW";

/** A release that serves, another one that does not, and the plugin's checks about them. */
async function createFixture({ live }: { readonly live: boolean }): Promise<ChecksFixture> {
  const emulator = await createVercelEmulator({
    token,
    projects: [{ name: "shop", domains: ["shop.example", "www.shop.example"] }],
    settings: { build: "5ms", move: "5ms" },
  }).listen();
  const options = { apiUrl: emulator.url, fetch: emulator.fetch, health: { path: "/health.json", timeout: "30s" } } as const;
  const setUp = () => setUpPlugin(options, { values: { VERCEL_TOKEN: token } });
  const { target, project, site } = await setUp();

  const prepare = async (says?: string): Promise<CandidateSubject> => {
    const input = toInput({ kind: "directory", digest: "sha256:0", files: 0 });
    const page = JSON.stringify({ status: "healthy", release: says ?? input.release.id });
    const artifact = await createSite({ "index.html": "hello", "health.json": page });
    const candidate = await target.prepare({ ...input, artifact }, createCall());
    return { ...component, release: input.release, candidate, live };
  };
  const candidate = await prepare();
  await target.promote({ ...component, candidate: candidate.candidate }, createCall());

  const fault = (kind: Fault) => () => emulator.fault(kind);
  const site500: Fault = { kind: "status", status: 500, every: true, match: { host: "**" } };
  return {
    checks: [project, site],
    again: async () => {
      const other = await setUp();
      return [other.project, other.site];
    },
    candidate,
    // Before its promote a release answers at an address of its own; there another one is one that says so.
    impostor: live ? await prepare() : await prepare("rel_other"),
    subjects: {
      "vercel-project": {
        troubles: {
          "cut off": fault({ kind: "reset-before", every: true }),
          failing: fault({ kind: "status", status: 500, every: true }),
          "not let in": fault({ kind: "status", status: 403, every: true }),
        },
        silence: fault({ kind: "hang", every: true }),
        recover: () => emulator.clearFaults(),
      },
      "vercel-site": {
        troubles: {
          failing: fault(site500),
          "cut off": fault({ kind: "reset-before", every: true, match: { host: "**" } }),
          ...(live ? { "without its provider": fault({ kind: "status", status: 500, every: true }) } : {}),
        },
        silence: fault({ kind: "hang", every: true, match: { host: "**" } }),
        recover: () => emulator.clearFaults(),
      },
    },
    secrets: [token],
    dispose: () => emulator.stop(),
  };
}

describe("before the promote", () => {
  checksSuite({ test, describe }, { create: () => createFixture({ live: false }), patience: "60s" });
});

describe("where users ask", () => {
  checksSuite({ test, describe }, { create: () => createFixture({ live: true }), patience: "60s" });
});
