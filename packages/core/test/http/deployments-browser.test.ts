import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { chromium as service, requireService } from "@fairlead/test-support";
import axe from "axe-core";
import { chromium, type Browser, type BrowserContextOptions, type Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { violationsOn } from "../support/violations-on.js";
import { operatedShop, token } from "./support/operated-shop.js";

/** Where screenshots are left for people to look at. */
const pictures = join(import.meta.dirname, "../../../../node_modules/.cache/fairlead/screenshots");
const desktop = { width: 1280, height: 900 };
const phone = { width: 390, height: 844 };

let browser: Browser | undefined;
let shop: Awaited<ReturnType<typeof operatedShop>>;
let asked = "";
let failed = "";
const working = new AbortController();
let work: Promise<void> = Promise.resolve();

beforeAll(async () => {
  if (!service.available) return;
  browser = await chromium.launch({ executablePath: "/usr/bin/chromium" });
  await mkdir(pictures, { recursive: true });
  shop = await operatedShop();
  const { trigger, worker, watching } = shop;
  const done = () => worker.work({ untilIdle: true });
  for (const [name, commit] of [
    ["1", "a1b2c3d"],
    ["2", "b2c3d4e"],
  ] as const) {
    const id = await trigger("production", {
      image: `registry.shop.example/web:1.${name}`,
      commit,
      reason: `Release ${name} of the winter range`,
    });
    await done();
    await watching.approve({ deploymentId: id, actor: { name: "linus", via: "api" }, recordOnly: true });
    await done();
  }
  failed = await trigger("staging", { image: "registry.shop.example/web:broken", commit: "dead00f" });
  await done();
  asked = await trigger("production", { image: "registry.shop.example/web:1.3", commit: "c3d4e5f", reason: "Gift cards" });
  await done();
  work = worker.work({ signal: working.signal });
}, 180_000);
afterAll(async () => {
  working.abort();
  await work;
  await browser?.close();
  if (service.available) await shop.close();
});

beforeEach((context) => requireService(context, service));

async function opened(path: string, options: BrowserContextOptions = {}) {
  const context = await browser!.newContext({ viewport: desktop, httpCredentials: { username: "me", password: token }, ...options });
  context.setDefaultTimeout(90_000);
  const page = await context.newPage();
  const problems: string[] = [];
  page.on("console", (message) => {
    // Chromium reports that it is asked who it is, and what is refused.
    const isAnswer = /status of (401|409)/.test(message.text());
    if (["error", "warning"].includes(message.type()) && !isAnswer) problems.push(message.text());
  });
  page.on("pageerror", (error) => problems.push(String(error)));
  await page.goto(`${shop.url}${path}`);
  return { page, problems, close: () => context.close() };
}

/** What somebody without a script does. */
async function reloadedUntil(page: Page, banner: string): Promise<void> {
  const look = async (): Promise<string> => {
    await page.reload();
    return page.locator("#head .banner").innerText();
  };
  await expect.poll(look, { timeout: 90_000 }).toBe(banner);
}

describe("the pages for those who operate, in a browser", () => {
  test("fit a desktop and a phone, light and dark, without a serious violation of axe's rules", { timeout: 240_000 }, async () => {
    const places = {
      list: "/deployments",
      asked: `/deployments/${asked}`,
      failed: `/deployments/${failed}`,
      rollback: "/deployments/rollback?environment=production",
    };
    for (const [name, path] of Object.entries(places)) {
      // Their policy forbids scripts of others: axe is one.
      const { page, problems, close } = await opened(path, { bypassCSP: true });
      await page.addScriptTag({ content: axe.source });
      for (const [device, viewport] of [["desktop", desktop] as const, ["phone", phone] as const]) {
        await page.setViewportSize(viewport);
        for (const colorScheme of ["light", "dark"] as const) {
          await page.emulateMedia({ colorScheme });
          await page.screenshot({ path: join(pictures, `deployments-${name}-${device}-${colorScheme}.png`), fullPage: true });
          expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(viewport.width);
          if ((device === "desktop") === (colorScheme === "light")) expect(await violationsOn(page)).toEqual([]);
        }
      }
      expect(problems).toEqual([]);
      await close();
    }
  });

  test(
    "without a script: who is on call finds what waits, agrees, sees it done, and puts the release before back",
    { timeout: 240_000 },
    async () => {
      const { page, close } = await opened("/deployments", { javaScriptEnabled: false });
      const production = page.locator("section.card", { has: page.getByRole("heading", { name: "production" }) });
      expect(await production.innerText()).toContain("Waits for approval");
      await production.getByRole("link", { name: asked.slice(-8) }).click();
      expect(await page.locator(".ask").innerText()).toContain("1 person has to agree: nobody has yet");
      await page.getByLabel("Why, for the journal").first().fill("Looks good");
      await page.getByRole("button", { name: "Approve" }).click();
      expect(await page.getByRole("status").first().innerText()).toContain("You agreed.");
      await reloadedUntil(page, "Succeeded");
      const last = shop.effects.at(-1);

      await page.getByRole("link", { name: "Roll back…" }).click();
      expect(await page.locator("main").innerText()).toContain("Safe for the database");
      await page.getByRole("button", { name: "Roll back production" }).click();
      // By the time that the page is there the worker may have done it.
      expect(await page.getByRole("status").first().innerText()).toMatch(/The rollback is recorded\.|Succeeded/);
      await reloadedUntil(page, "Succeeded");
      expect(last).toMatch(/^promote/);
      expect(shop.effects.at(-1)).toMatch(/^promote/);
      expect(shop.effects.at(-1)).not.toBe(last);
      await close();
    },
  );

  test("with a script: a deployment is followed as it goes, and nobody loses what they are writing", { timeout: 240_000 }, async () => {
    const id = await shop.trigger("staging", { image: "registry.shop.example/web:slow", commit: "e5f6a7b" });
    const { page, problems, close } = await opened(`/deployments/${id}`);
    await page.locator("#head .banner", { hasText: "Running" }).waitFor();
    await page.locator("#log", { hasText: "pulled registry.shop.example/web:slow" }).waitFor();
    await page.locator("summary", { hasText: "Stop it…" }).click();
    const why = page.getByLabel("Why, for the journal");
    await why.fill("it takes too long");
    shop.letGoOn();
    await page.locator("#head .banner", { hasText: "Succeeded" }).waitFor();
    expect(await why.inputValue()).toBe("it takes too long");
    expect(await page.title()).toContain("Succeeded");
    // It is over, and stopping it is refused with the reason.
    await page.getByRole("button", { name: "Stop it" }).click();
    expect(await page.getByRole("alert").innerText()).toContain("has ended");
    expect(problems).toEqual([]);
    await close();
  });

  test("are walked through by keyboard", async () => {
    const { page, close } = await opened("/deployments");
    await page.keyboard.press("Tab");
    expect(await page.locator(":focus").innerText()).toBe("Skip to the content");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    expect(await page.locator(":focus").innerText()).toBe("All");
    expect(await page.locator(":focus").getAttribute("aria-current")).toBe("page");
    await close();
  });
});
