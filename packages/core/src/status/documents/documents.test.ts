import { createTestClock } from "@fairlead/testing";
import { beforeEach, describe, expect, test } from "vitest";
import * as z from "zod";
import type { HealthSnapshot } from "../../health/index.js";
import { memoryStore } from "../../store/memory-store.js";
import { createStatus } from "../create-status.js";
import type { StatusSnapshot } from "../snapshot.js";
import { statusDocument, statuspageDocuments, type DocumentPath } from "./documents.js";
import { toStatusFiles } from "../files.js";
import { atomFeed, rssFeed } from "./feeds.js";

// From the published documentation of the Statuspage API and what its pages answer. Nothing may be missing and nothing may be there besides.
const time = z.iso.datetime({ offset: true });
const id = z.string().regex(/^[0-9a-z]{12}$/);
const page = z.strictObject({ id, name: z.string(), url: z.url(), time_zone: z.string(), updated_at: time });
const status = z.strictObject({
  indicator: z.enum(["none", "minor", "major", "critical", "maintenance"]),
  description: z.string().min(1),
});
const word = z.enum(["operational", "degraded_performance", "partial_outage", "major_outage", "under_maintenance"]);
const component = z.strictObject({
  ...{ id, name: z.string().min(1), status: word, created_at: time, updated_at: time },
  position: z.int().positive(),
  description: z.string().nullable(),
  showcase: z.boolean(),
  start_date: z.iso.date().nullable(),
  group_id: id.nullable(),
  page_id: id,
  group: z.boolean(),
  only_show_if_degraded: z.boolean(),
  components: z.array(id).min(1).optional(),
});
const change = z.strictObject({ code: id, name: z.string(), old_status: word, new_status: word });
const update = z.strictObject({
  ...{ id, status: z.string(), body: z.string(), incident_id: id, created_at: time, updated_at: time, display_at: time },
  affected_components: z.array(change).min(1).nullable(),
  deliver_notifications: z.boolean(),
  custom_tweet: z.null(),
  tweet_id: z.null(),
});
const incidentShape = {
  ...{ id, name: z.string().min(1), created_at: time, updated_at: time, started_at: time, page_id: id, shortlink: z.url() },
  monitoring_at: time.nullable(),
  resolved_at: time.nullable(),
  incident_updates: z.array(update).min(1),
  components: z.array(component),
};
const states = ["investigating", "identified", "monitoring"] as const;
const incidentOf = (statuses: readonly string[]) =>
  z.strictObject({ ...incidentShape, status: z.enum(statuses), impact: z.enum(["none", "minor", "major", "critical"]) });
const maintenanceOf = (statuses: readonly string[]) =>
  z.strictObject({
    ...incidentShape,
    status: z.enum(statuses),
    impact: z.enum(["maintenance"]),
    scheduled_for: time,
    scheduled_until: time,
  });
const incident = incidentOf([...states, "resolved", "postmortem"]);
const unresolved = incidentOf(states);
const [upcoming, active] = [maintenanceOf(["scheduled"]), maintenanceOf(["in_progress", "verifying"])];
const maintenance = maintenanceOf(["scheduled", "in_progress", "verifying", "completed"]);
const components = z.array(component);

const published: Readonly<Record<DocumentPath, z.ZodType>> = {
  "summary.json": z.strictObject({
    ...{ page, status, components, incidents: z.array(unresolved) },
    scheduled_maintenances: z.array(z.union([upcoming, active])),
  }),
  "status.json": z.strictObject({ page, status }),
  "components.json": z.strictObject({ page, components }),
  "incidents.json": z.strictObject({ page, incidents: z.array(incident).max(50) }),
  "incidents/unresolved.json": z.strictObject({ page, incidents: z.array(unresolved) }),
  "scheduled-maintenances.json": z.strictObject({ page, scheduled_maintenances: z.array(maintenance).max(50) }),
  "scheduled-maintenances/upcoming.json": z.strictObject({ page, scheduled_maintenances: z.array(upcoming) }),
  "scheduled-maintenances/active.json": z.strictObject({ page, scheduled_maintenances: z.array(active) }),
};
const paths = Object.keys(published) as readonly DocumentPath[];

let snapshot: StatusSnapshot;
let empty: StatusSnapshot;

beforeEach(async () => {
  const clock = createTestClock();
  const store = memoryStore({ clock });
  const page = { name: 'Shop <&> "Co"', url: "https://status.shop.example/" };
  const place = { application: "shop", environment: "production", store, clock, page };
  empty = createStatus({ ...place, components: [] }).snapshot();
  const checks = [{ name: "api", status: "up", known: true, critical: true, latency: 12 }];
  const made = createStatus({
    ...place,
    health: { snapshot: () => ({ checks }) as unknown as HealthSnapshot },
    components: [
      { name: "web", title: "Website", group: "Front", checks: [] },
      { name: "shop", group: "Front", checks: [], description: "Where one buys" },
      { name: "api" },
    ],
  });
  await made.tick();
  const times = (begin: number, end: number) => ({
    from: new Date(clock.now() + begin * 60_000).toISOString(),
    until: new Date(clock.now() + end * 60_000).toISOString(),
  });
  await made.scheduleMaintenance({ title: "Over", body: "x", ...times(0, 1) });
  await made.scheduleMaintenance({ title: "Now", body: "x", components: ["shop"], ...times(2, 60) });
  await made.scheduleMaintenance({ title: "Later", body: "x", components: ["shop"], ...times(100, 200) });
  const { id: ended } = await made.openIncident({ title: "Ended", body: "x", components: { web: "major_outage" } });
  await made.updateIncident({ id: ended, status: "monitoring", body: "y" });
  await made.updateIncident({ id: ended, status: "resolved", body: "z" });
  await clock.advance("5m");
  await made.openIncident({ title: "Slow <b>", body: 'It & "is"\u0007', components: { web: "degraded_performance" } });
  await made.tick();
  for (let looks = 0; looks < 7; looks += 1) {
    await clock.advance("10s");
    await made.tick();
  }
  snapshot = made.snapshot();
});

describe("the documents of the Statuspage API", () => {
  test.each(paths)("%s", (path) => {
    for (const one of [snapshot, empty]) {
      const document = JSON.parse(JSON.stringify(statuspageDocuments(one)[path])) as object;
      expect(Object.keys(document)[0]).toBe("page");
      expect(published[path].parse(document)).toEqual(document);
    }
  });

  test("say what each is for", () => {
    const documents = statuspageDocuments(snapshot);
    const names = (path: DocumentPath, member: string) =>
      ((documents[path] as Record<string, readonly { name: string }[]>)[member] ?? []).map(({ name }) => name);
    expect(names("components.json", "components")).toEqual(["Website", "shop", "api", "Front"]);
    expect(names("incidents.json", "incidents")).toEqual(["Slow <b>", "Ended"]);
    expect(names("incidents/unresolved.json", "incidents")).toEqual(["Slow <b>"]);
    expect(names("scheduled-maintenances.json", "scheduled_maintenances")).toEqual(["Later", "Now", "Over"]);
    expect(names("scheduled-maintenances/upcoming.json", "scheduled_maintenances")).toEqual(["Later"]);
    expect(names("scheduled-maintenances/active.json", "scheduled_maintenances")).toEqual(["Now"]);
    expect(names("summary.json", "scheduled_maintenances")).toEqual(["Now", "Later"]);
    expect(documents["status.json"]).toMatchObject({ status: { indicator: "minor", description: "Partially Degraded Service" } });
  });

  test("ids stay the same for a process that starts anew", () => {
    const ids = statuspageDocuments(snapshot)["components.json"] as { components: readonly { id: string; name: string }[] };
    expect(ids.components.map((one) => one.id)).toMatchInlineSnapshot(`
      [
        "b1f5y41wkdz0",
        "tk26g032nmsn",
        "sqdzta35msbs",
        "ed6bk0wh4trg",
      ]
    `);
  });
});

test("the status in one document is a superset of the summary, with the word for the page and response times", () => {
  const document = JSON.parse(JSON.stringify(statusDocument(snapshot))) as Record<string, object>;
  const { page: ownPage, metrics, deployment, stale, version, ...rest } = document;
  const { status: own, ...statuspage } = ownPage as Readonly<Record<string, string>>;
  expect(published["summary.json"].parse({ page: statuspage, ...rest })).toBeTruthy();
  expect({ own, deployment, stale }).toEqual({ own: "degraded", deployment: null, stale: false });
  expect(version).toMatch(/^[0-9a-f]{16}$/);
  expect((metrics as readonly object[])[2]).toMatchObject({
    name: "api",
    known: true,
    uptime: { days: 90, ratio: 1 },
    response_time: { unit: "ms", interval: "1h", data: expect.arrayContaining([12]) },
  });
});

test("files for a server of files: every document and feed by its path", () => {
  const files = toStatusFiles(snapshot);
  expect(Object.keys(files)).toEqual([
    "index.html",
    "api/status.json",
    ...paths.map((path) => `api/v2/${path}`),
    "history.atom",
    "history.rss",
  ]);
  expect(JSON.parse(files["api/v2/summary.json"]!)).toEqual(JSON.parse(JSON.stringify(statuspageDocuments(snapshot)["summary.json"])));
});

describe("feeds", () => {
  test("are well-formed whatever is said, and have each incident and maintenance once", () => {
    for (const feed of [atomFeed(snapshot), rssFeed(snapshot), atomFeed(empty), rssFeed(empty)]) {
      // eslint-disable-next-line no-control-regex
      expect(feed).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]|&(?!(amp|lt|gt|quot);)/);
      expect(balanced(feed)).toEqual([]);
    }
    expect(atomFeed(snapshot).match(/<entry>/g)).toHaveLength(5);
    expect(rssFeed(snapshot).match(/<item>/g)).toHaveLength(5);
    expect(atomFeed(snapshot)).toContain("Slow &lt;b&gt;");
  });
});

/** Elements that are not closed, or closed without having been opened. */
function balanced(xml: string): readonly string[] {
  const open: string[] = [];
  for (const [, slash, name, end] of xml.replace(/<\?.*?\?>/g, "").matchAll(/<(\/?)([a-zA-Z]+)[^<>]*?(\/?)>/g)) {
    if (end === "/") continue;
    if (slash === "") open.push(name!);
    else if (open.pop() !== name) return [`</${name!}>`];
  }
  return open;
}
