import { expect, test } from "vitest";
import { createTeam } from "../deployer/team.js";
import { createShop } from "./support/database-shop.js";
import { createBrowser, eve, formOf, seen, trigger } from "./support/page-browser.js";

const abort = /action="([^"]+\/abort)"/;

test("stopping what cannot be taken back any more promises no way back, and is once however often it is sent", async () => {
  await using shop = createShop();
  await shop.deploy("1");
  shop.hang();
  const deployment = await shop.begin("2", [{ phase: "contract", compatibility: "code-only" }]);
  await expect.poll(async () => (await deployment.state()).intents).toContain("migrations.contract");
  const { read, submit, send } = createBrowser(shop.deployer);
  const page = await read(`/deployments/${deployment.id}`);
  expect(seen(page)).toContain("It stops, and a person has to decide");
  expect(seen(page)).not.toContain("what was begun is taken back");
  const to = await submit(page, abort);
  await expect.poll(async () => (await deployment.state()).phase).toBe("needs_attention");
  expect(await submit(page, abort)).toBe(to);
  expect(seen(await read(to))).not.toContain("is taken back by");
  const { path } = formOf(page, abort);
  expect((await send("POST", path, { form: {}, token: eve })).status).toBe(409);
});

test("the page of a request has all parts from the beginning, and its notice goes when it is taken up", async () => {
  const { watching, createWorker } = createTeam();
  await using _ = watching;
  await using worker = createWorker();
  const { read, submit } = createBrowser(watching);
  for (const version of ["1", "2"]) {
    await trigger(watching, `shop:${version}`);
    await worker.work({ untilIdle: true });
  }
  const form = await read("/deployments/rollback?environment=development");
  const to = await submit(form, /action="([^"]+\/rollback)"/);
  const partsOf = (page: string) => [...page.matchAll(/id="([\w-]+)" data-part/g)].map(([, id]) => id);
  const asked = await read(to);
  expect(seen(asked)).toContain("no worker is there now");
  await worker.work({ untilIdle: true });
  const done = await read(to);
  expect(seen(done)).not.toContain("no worker is there now");
  expect(partsOf(asked)).toEqual(partsOf(done));
  expect(partsOf(done)).toEqual(["notice", "head", "wait", "facts", "what", "steps", "log", "why"]);
});

test("an address makes the page say nothing that is not so", async () => {
  const { watching, createWorker } = createTeam({ approvals: { required: 2 } });
  await using _ = watching;
  await using worker = createWorker();
  const { read, submit } = createBrowser(watching);
  const id = await trigger(watching, "shop:1");
  const notices = ["approved", "rejected", "stopping", "asked", "waits"];
  const toldTo = async (token?: string) =>
    (await Promise.all(notices.map((did) => read(`/deployments/${id}?did=${did}`, token)))).map((page) =>
      /id="notice"[^>]*>([^<]*<p)?/.exec(page)?.[1] === undefined ? "" : "said",
    );
  expect(await toldTo()).toEqual(["", "", "", "", ""]);
  await worker.work({ untilIdle: true });
  expect(await toldTo()).toEqual(["", "", "", "", ""]);
  const page = await read(`/deployments/${id}`);
  await submit(page, /action="([^"]+\/approve)"/);
  expect(await toldTo()).toEqual(["said", "", "", "", ""]);
  expect(await toldTo(eve)).toEqual(["", "", "", "", ""]);
  await submit(page, /formaction="([^"]+\/reject)"/);
  expect(await toldTo()).toEqual(["said", "said", "", "", ""]);
});
