import { createTestClock } from "@fairlead/testing";
import { hash } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { Store } from "../../contract/store.js";
import type { HealthSnapshot } from "../../health/index.js";
import { memoryStore } from "../../store/memory-store.js";
import { createStatus } from "../create-status.js";
import type { StatusSnapshot } from "../snapshot.js";
import { bars, percentage } from "./bars.js";
import { contentSecurityPolicy, statusPage } from "./status-page.js";

const links = { atom: "/status/history.atom", rss: "/status/history.rss", live: true };
const hostile = `<script>alert(1)</script>"'&<img src=x onerror=alert(1)>`;

async function world(store?: Store) {
  const clock = createTestClock();
  const checks = [{ name: "web", status: "up", known: true, critical: true, latency: 20 }];
  const status = createStatus({
    ...{ application: "shop", environment: "production", store: store ?? memoryStore({ clock }), clock },
    page: { name: hostile, url: "https://status.shop.example" },
    components: [
      { name: "web", title: hostile, group: hostile, description: hostile },
      { name: "post", title: "Post", checks: [] },
    ],
    health: { snapshot: () => ({ checks }) as unknown as HealthSnapshot },
  });
  await status.tick();
  return { clock, status };
}

describe("the page", () => {
  test("shows what people, alerts and options say as the text that it is", async () => {
    const { clock, status } = await world();
    const { id } = await status.openIncident({ title: hostile, body: hostile, components: { post: "major_outage" } });
    await status.updateIncident({ id, status: "resolved", body: hostile });
    await status.openIncident({ title: hostile, body: hostile });
    const at = new Date(clock.now() + 1_000).toISOString();
    await status.scheduleMaintenance({ title: hostile, body: hostile, from: at, until: at });
    const page = statusPage(status.snapshot(), links);
    expect(page).not.toContain("<img");
    expect(page.match(/<script/g)).toHaveLength(1);
    expect(page.match(/&lt;img src=x onerror=alert\(1\)&gt;/g)!.length).toBeGreaterThan(8);
  });

  test("needs nothing but itself, and its policy allows nothing else", async () => {
    const { status } = await world();
    const page = statusPage(status.snapshot(), links);
    for (const tag of ["style", "script"]) {
      const content = new RegExp(`<${tag}>(.*?)</${tag}>`, "s").exec(page)![1]!;
      expect(contentSecurityPolicy).toContain(`${tag}-src 'sha256-${hash("sha256", content, "base64")}'`);
    }
    expect(page).not.toMatch(/<[^>]* (style|on[a-z]+)=|@import|url\(/);
    expect(contentSecurityPolicy).toMatch(/^default-src 'none'; /);
  });

  test("says everything without a script", async () => {
    const { clock, status } = await world();
    const from = new Date(clock.now() + 60_000).toISOString();
    await status.openIncident({ title: "Post is late", body: "A truck broke down.", components: { post: "partial_outage" } });
    await status.scheduleMaintenance({ title: "Move", body: "We move.", components: ["web"], from, until: from });
    const page = statusPage(status.snapshot(), links).replace(/<script>.*<\/script>/s, "");
    for (const text of [
      "Minor Service Outage",
      "Post is late",
      "A truck broke down.",
      "Partial outage",
      "Operational",
      "We move.",
      "No data in 90 days",
    ])
      expect(page).toContain(text);
  });

  test("says that it is old", async () => {
    const { clock, status } = await world();
    expect(statusPage(status.snapshot(), links)).toContain("As of");
    await clock.advance("1h");
    const page = statusPage(status.snapshot(), links);
    expect(page).toContain("Nobody has looked since");
    expect(page).not.toContain("All Systems Operational");
  });

  test("is less than 60 kB with 50 components and 90 days in which much happened", async () => {
    const { status } = await world();
    const snapshot = status.snapshot();
    const statuses = ["operational", "operational", "operational", "degraded_performance", "major_outage", null, "partial_outage"] as const;
    const components = Array.from({ length: 50 }, (_, index): StatusSnapshot["components"][number] => ({
      ...snapshot.components[0]!,
      ...{ name: `component-${index}`, title: `The component number ${index}`, group: `Group ${index % 7}`, description: null },
      ...{ uptime: 0.99954, known: true, status: "operational" },
      days: Array.from({ length: 90 }, (__, day) => ((day * 7 + index * 3) % 11 < 8 ? "operational" : statuses[(day + index) % 7]!)),
      hours: Array.from({ length: 24 }, (__, hour) => 20 + ((hour * 37 + index * 11) % 300)),
    }));
    const incident = (await world()).status.openIncident({ title: "Something was wrong", body: "We are looking into it. ".repeat(8) });
    const incidents = Array.from({ length: 20 }, () => incident);
    const page = statusPage({ ...snapshot, components, incidents: await Promise.all(incidents) }, links);
    expect(Buffer.byteLength(page)).toBeLessThan(60_000);

    const long = { ...(await incident), status: "investigating", resolvedAt: null, title: hostile.repeat(50) } as const;
    const [said] = long.updates;
    const open = Array.from({ length: 60 }, (_, index) => ({
      ...{ ...long, id: `long-${index}`, components: Object.fromEntries(components.map(({ name }) => [name, "major_outage"] as const)) },
      updates: Array.from({ length: 300 }, () => ({ ...said!, body: hostile.repeat(200) })),
    }));
    const past = open.map((one) => ({ ...one, id: `past-${one.id}`, status: "resolved" as const, resolvedAt: one.startedAt }));
    const announced = open.slice(0, 40).map(({ id, title, updates }) => ({
      ...{ id: `move-${id}`, title, updates: updates as never, status: "scheduled", components: components.map(({ name }) => name) },
      ...{ from: "2100-01-01T00:00:00Z", until: "2100-01-01T01:00:00Z", createdAt: "2026-01-01T00:00:00Z", completedAt: null },
    }));
    const announcedAll = { incidents: [...open, ...past], maintenances: announced as never };
    const named = components.map((component, index) => ({ ...component, title: `Service ${index}` }));
    const worst = statusPage({ ...snapshot, page: { ...snapshot.page, name: "Shop" }, components: named, ...announcedAll }, links);
    expect(Buffer.byteLength(worst)).toBeLessThan(60_000);
    expect(worst).toContain("all of them are in the feeds");
  });
});

describe("bars", () => {
  test("are one path per colour, each run of days one line", () => {
    const days = ["operational", "operational", "major_outage", null, "operational"] as const;
    const { markup } = bars({ days, uptime: 0.5 }, "2026-01-05");
    expect(markup).toContain('viewBox="0 0 19 24"');
    expect(markup).toContain('<path class="o" d="M0 12h7m9 0h3"');
    expect(markup).toContain('<path class="x" d="M0 12m8 0h3"');
    expect(markup).toContain('<path class="n" d="M0 12m12 0h3"');
    expect(markup).toContain('aria-label="50.00 % in 5 days; outages on 2026-01-03"');
  });

  test.each([
    [1, "100 %"],
    [0.999999, "99.999 %"],
    [0.9995, "99.950 %"],
    [0.5, "50.00 %"],
    [0, "0.00 %"],
    [null, "No data"],
  ])("%s is %s: never rounded up", (uptime, text) => {
    expect(percentage(uptime)).toBe(text);
  });
});
