import { describe, expect, test } from "vitest";
import { image } from "../../src/index.js";
import { createTeam } from "../deployer/team.js";
import { createBrowser, eve, formOf, seen, trigger } from "./support/page-browser.js";

const at = "/deployments/rollback?environment=development";
const action = /action="([^"]+\/rollback)"/;

describe("two people who roll back from the same page", () => {
  async function deployed(...versions: readonly string[]) {
    const { watching, createWorker, effects } = createTeam();
    const worker = createWorker();
    for (const version of versions) {
      await trigger(watching, `shop:${version}`);
      await worker.work({ untilIdle: true });
    }
    return {
      ...{ watching, worker, effects, browser: createBrowser(watching) },
      [Symbol.asyncDispose]: async () => {
        await worker.close();
        await watching.close();
      },
    };
  }

  test("go back once: the second is refused when it is recorded", async () => {
    await using team = await deployed("1", "2", "3");
    const { browser, worker, effects, watching } = team;
    const [ours, theirs] = [await browser.read(at), await browser.read(at, eve)];
    expect(seen(ours)).toContain("shop:3 → shop:2");
    await browser.submit(ours, action);
    await worker.work({ untilIdle: true });
    const { path, hidden } = formOf(theirs, action);
    const refused = await browser.send("POST", path, { form: hidden, token: eve });
    expect(refused.status).toBe(409);
    expect(seen(refused.text)).toContain("What serves in development has changed");
    expect(seen(refused.text)).toContain("Look again");
    await worker.work({ untilIdle: true });
    expect(effects.at(-1)).toBe("promote c2");
    // Sent again, the first is the same one.
    expect(await browser.submit(ours, action)).toContain("/deployments/dep_");
    expect((await watching.history()).items).toHaveLength(4);
  });

  test("go back once: what was recorded before is refused when a worker takes it up", async () => {
    await using team = await deployed("1", "2", "3");
    const { browser, worker, effects, watching } = team;
    const late = await browser.submit(await browser.read(at), action);
    await (await worker.rollback({ environment: "development" })).result();
    await worker.work({ untilIdle: true });
    expect(effects.at(-1)).toBe("promote c2");
    const [, id = ""] = /(dep_\w+)/.exec(late) ?? [];
    expect(await watching.requested(id)).toMatchObject({ deploymentId: null, error: { code: "ROLLBACK_SERVING_CHANGED" } });
    expect(seen(await browser.read(late))).toContain("Look again at what serves");
  });

  test("go back once, where both are recorded before a worker is there", async () => {
    await using team = await deployed("1", "2", "3");
    const { browser, worker, effects } = team;
    const [ours, theirs] = [await browser.read(at), await browser.read(at)];
    await browser.submit(ours, action);
    await browser.submit(theirs, action);
    await worker.work({ untilIdle: true });
    expect(effects.filter((effect) => effect.startsWith("promote"))).toEqual(["promote c1", "promote c2", "promote c3", "promote c2"]);
  });

  test("a form that does not say what was shown is not taken", async () => {
    await using team = await deployed("1", "2");
    const { browser, watching } = team;
    const { path, hidden } = formOf(await browser.read(at), action);
    for (const name of ["to", "from"]) {
      const { [name]: left, ...form } = hidden;
      expect(left).toMatch(/^rel_/);
      expect((await browser.send("POST", path, { form })).status).toBe(400);
    }
    expect(await watching.pendingRequests()).toEqual([]);
  });

  test("a rollback from what does not serve any more is refused wherever it is asked for", async () => {
    await using team = await deployed("1", "2");
    const { worker, watching } = team;
    const from = (await watching.status("development", { live: false })).release!.release.id;
    await watching.request({ kind: "deploy", environment: "development", source: image("shop:3") });
    await worker.work({ untilIdle: true });
    const wish = { environment: "development", from };
    await expect(worker.rollback(wish)).rejects.toMatchObject({ code: "ROLLBACK_SERVING_CHANGED", data: { expected: from } });
    await expect(watching.request({ kind: "rollback", ...wish })).rejects.toMatchObject({ code: "ROLLBACK_SERVING_CHANGED" });
  });
});
