import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { chromium as service, requireService } from "@fairlead/test-support";
import axe from "axe-core";
import { chromium, type Browser, type BrowserContextOptions } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { violationsOn } from "../support/violations-on.js";
import { busyShop } from "./support/busy-shop.js";

/** Where screenshots are left for people to look at. */
const pictures = join(import.meta.dirname, "../../../../node_modules/.cache/fairlead/screenshots");
const desktop = { width: 1280, height: 900 };
const phone = { width: 390, height: 844 };

let browser: Browser | undefined;
let shop: Awaited<ReturnType<typeof busyShop>>;

beforeAll(async () => {
  if (!service.available) return;
  browser = await chromium.launch({ executablePath: "/usr/bin/chromium" });
  await mkdir(pictures, { recursive: true });
  shop = await busyShop();
  const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
  const { status } = shop;
  const late = { title: "Parcels were late", body: "A truck broke down.", components: { "service-07": "partial_outage" } } as const;
  const { id } = await status.openIncident(late);
  await status.updateIncident({ id, status: "resolved", body: "All parcels are on their way." });
  const times = { from: day(-0.01), until: day(1) };
  const move = { title: "Move to another data centre", body: "Some services may be slow.", components: ["service-03"] };
  await status.scheduleMaintenance({ ...move, ...times });
  await shop.says({ "service-02": "down", "service-04": "degraded" });
});
afterAll(async () => {
  await browser?.close();
  if (service.available) await shop.close();
});

beforeEach((context) => requireService(context, service));

async function opened(options: BrowserContextOptions = {}) {
  const context = await browser!.newContext({ viewport: desktop, ...options });
  const page = await context.newPage();
  const problems: string[] = [];
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && problems.push(message.text()));
  page.on("pageerror", (error) => problems.push(String(error)));
  page.on("requestfailed", (request) => problems.push(`${request.url()} failed`));
  await page.goto(`${shop.url}/status`);
  return { page, problems, close: () => context.close() };
}

describe("the status page in a browser", () => {
  test("fits a desktop and a phone, light and dark, without a serious violation of axe's rules", async () => {
    // Its policy forbids scripts of others: axe is one.
    const { page, problems, close } = await opened({ bypassCSP: true });
    await page.addScriptTag({ content: axe.source });
    for (const [device, viewport] of [["desktop", desktop] as const, ["phone", phone] as const]) {
      await page.setViewportSize(viewport);
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme });
        await page.screenshot({ path: join(pictures, `status-${device}-${colorScheme}.png`) });
        expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(viewport.width);
        // Colours do not depend on the width.
        if ((device === "desktop") === (colorScheme === "light")) expect(await violationsOn(page)).toEqual([]);
      }
    }
    expect(problems).toEqual([]);
    await close();
  });

  test("says all of it without a script", async () => {
    const { page, close } = await opened({ javaScriptEnabled: false });
    const text = await page.locator("main").innerText();
    for (const words of [
      "Partial System Outage",
      "Service 2: major outage",
      "Major outage",
      "Degraded performance",
      "Under maintenance",
      "Move to another data centre",
      "Parcels were late",
    ])
      expect(text).toContain(words);
    await page.locator("summary", { hasText: "Parcels were late" }).click();
    expect(await page.locator("details[open]").innerText()).toContain("All parcels are on their way.");
    await close();
  });

  test("is walked through by keyboard: the way past the head comes first, incidents open by it", async () => {
    const { page, close } = await opened();
    await page.keyboard.press("Tab");
    expect(await page.locator(":focus").innerText()).toBe("Skip to the status");
    expect(await page.locator(":focus").isVisible()).toBe(true);
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    expect(await page.locator(":focus").innerText()).toContain("Parcels were late");
    await page.keyboard.press("Enter");
    expect(await page.locator("details[open]").count()).toBe(1);
    await close();
  });

  test("a screen reader is told the state of each component in words, and its bars", async () => {
    const { page, close } = await opened();
    const item = page.getByRole("listitem").filter({ has: page.getByRole("heading", { name: "Service 2", exact: true }) });
    expect(await item.innerText()).toContain("Major outage");
    expect(await item.getByRole("img", { name: /^9\d\.\d+ % in 90 days; outages on \d{4}/ }).count()).toBe(1);
    expect(await page.getByRole("status").innerText()).toBe("Partial System Outage");
    await close();
  });

  test("keeps itself up to date, leaves open what is open, and breaks none of its own rules", async () => {
    const { page, problems, close } = await opened();
    expect(await page.locator(".banner").innerText()).toBe("Partial System Outage");
    await page.locator("summary").first().click();
    await shop.says({});
    await page.locator(".banner", { hasText: "Service Under Maintenance" }).waitFor();
    expect(await page.locator("details").filter({ hasText: "Parcels were late" }).getAttribute("open")).not.toBeNull();
    expect(await page.title()).toContain("Service Under Maintenance");
    expect(problems).toEqual([]);
    await close();
  });
});
