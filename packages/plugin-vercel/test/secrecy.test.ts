import { inspect } from "node:util";
import { secret, serializeError } from "@fairlead/core";
import { findLeaks } from "@fairlead/testing";
import { expect, test } from "vitest";
import { createCall, plainCall } from "./support/calls.js";
import { startVercel } from "./support/emulated.js";
import { component, createSite, toInput } from "./support/site.js";

const token = "vcp_c4n4ry-T0k3n/+&=%7E";
const bypass = "byp4ss-C4n4ry-0123456789";

test("token and bypass go only where they belong, and into nothing that is said, also when everything fails", async () => {
  await using vercel = await startVercel({ protection: "sso", bypassSecret: bypass });
  const sent: { readonly host: string; readonly headers: Headers; readonly url: string }[] = [];
  let failing = false;
  const watched: typeof fetch = async (input, init) => {
    const request = new Request(input, init);
    sent.push({ host: new URL(request.url).hostname, headers: new Headers(request.headers), url: request.url });
    // The emulator knows another token: requests reach it with that one.
    if (new URL(request.url).hostname === "127.0.0.1")
      request.headers.set("authorization", failing ? "Bearer wrong" : `Bearer ${vercel.emulator.token}`);
    return vercel.emulator.fetch(request);
  };
  const plugin = await vercel.createPlugin(
    {
      fetch: watched,
      team: "emulated",
      requestTimeout: "1s",
      health: { path: "/health.json", timeout: "1s" },
      protectionBypass: secret("VERCEL_BYPASS"),
    },
    { values: { VERCEL_TOKEN: token, VERCEL_BYPASS: bypass } },
  );
  const said: unknown[] = [];
  const call = createCall();
  const attempt = async (work: () => Promise<unknown>): Promise<void> => {
    said.push(await work().catch((error: unknown) => [error, serializeError(error), inspect(error, { depth: 9, showHidden: true })]));
  };
  const input = toInput(await createSite({ "index.html": "hello", "health.json": '{"status":"healthy"}' }));
  const candidate = await plugin.target.prepare(input, call);
  const run = async (): Promise<void> => {
    await attempt(() => plugin.target.prepare({ ...input, key: `again-${String(said.length)}` }, call));
    await attempt(() => plugin.target.observe({ ...component, key: input.key }, call));
    await attempt(() => plugin.target.promote({ ...component, candidate }, call));
    await attempt(() => plugin.target.current(component, call));
    await attempt(() => plugin.target.retained(component, call));
    await attempt(() => plugin.target.discard({ ...component, candidate }, call));
    await attempt(async () => plugin.project.run(plainCall));
    await attempt(async () => plugin.site.run({ ...component, release: input.release, candidate, live: false }, plainCall));
    await attempt(async () => plugin.site.run({ ...component, release: input.release, candidate, live: true }, plainCall));
  };
  await run();
  failing = true;
  await run();
  failing = false;
  for (const kind of ["reset-before", "hang", "lost-response", "status"] as const) {
    const fault = kind === "status" ? { kind, status: 500, body: "<html>no</html>" } : { kind };
    await vercel.emulator.fault({ ...fault, every: true });
    await vercel.emulator.fault({ ...fault, every: true, match: { host: "**" } });
    await run();
    await vercel.emulator.clearFaults();
  }

  const everything = [said.map((one) => inspect(one, { depth: 9 })), call.records, plugin.records, plugin.target.description];
  expect(said).toHaveLength(54);
  const canaries = [
    { name: "token", value: token },
    { name: "bypass", value: bypass },
  ];
  expect(await findLeaks({ canaries, texts: [{ source: "everything that was said", text: JSON.stringify(everything) }] })).toEqual([]);
  const api = sent.filter(({ host }) => host === "127.0.0.1");
  const sites = sent.filter(({ host }) => host !== "127.0.0.1");
  expect(api.filter(({ headers }) => headers.has("x-vercel-protection-bypass"))).toEqual([]);
  expect(sites.filter(({ headers }) => headers.has("authorization"))).toEqual([]);
  expect(new Set(sites.map(({ host }) => host))).toEqual(
    new Set([new URL(candidate.url!).hostname, "shop.vercel.app", "shop.example", "www.shop.example"]),
  );
  expect(sent.filter(({ url }) => url.includes(bypass) || url.includes("c4n4ry"))).toEqual([]);
});

test("a token that no header can carry is named by its secret and sent nowhere", async () => {
  await using vercel = await startVercel();
  const plugin = await vercel.createPlugin({}, { values: { VERCEL_TOKEN: `${token}\n` } });
  const result = await plugin.project.run(plainCall);
  expect(result).toMatchObject({ status: "down", reason: "token_rejected", message: expect.stringContaining("VERCEL_TOKEN") });
  expect(JSON.stringify(result)).not.toContain("c4n4ry");
  expect((await vercel.emulator.ledger()).requests).toEqual([]);
});
