import * as z from "zod";
import { coreErrors } from "../errors/core-errors.js";
import { fail } from "../errors/fairlead-error.js";
import type { StatusBook } from "./book.js";
import { impactOf, type ComponentStatus } from "./component-status.js";
import { openedDraft, record, wellOf, type DeskOptions } from "./desk.js";
import { isOpen, type Incident } from "./incident.js";
import type { StatusDraft } from "./status-events.js";
import { statusId } from "./status-id.js";

const texts = z.record(z.string(), z.string()).default({});
/** Most characters of what is published: the rest is left out. */
const longest = { title: 200, body: 10_000 };

/** What is read of a webhook of Alertmanager (version 4) or Grafana, which sends the same and more. */
const webhook = z.object({
  alerts: z
    .array(
      z.object({
        status: z.enum(["firing", "resolved"]),
        fingerprint: z.string().min(1).max(200),
        startsAt: z.iso.datetime({ offset: true }),
        endsAt: z.iso.datetime({ offset: true }).optional(),
        labels: texts,
        annotations: texts,
      }),
    )
    .max(1_000),
});

type Alert = z.infer<typeof webhook>["alerts"][number];

/** What became of the alerts of a webhook, as ids of incidents. */
export interface AlertsAnswer {
  readonly opened: readonly string[];
  readonly resolved: readonly string[];
  /** Alerts that said nothing new. */
  readonly unchanged: number;
}

export interface AlertDesk {
  /**
   * Opens an incident for every alert that fires and resolves it when it fires no more. Its fingerprint is the key, so that receiving one again changes nothing. The label `component` names a component of the page,
   * `severity` says how it is (`critical`: major outage; `error`, `major`, `high`, `page`: partial outage; else degraded). Of annotations only `status_title` and `status_body` are published: others are
   * written for those who operate. Throws `ALERT_INVALID`.
   */
  receiveAlerts(body: unknown): Promise<AlertsAnswer>;
}

export function createAlertDesk(options: DeskOptions): AlertDesk {
  return {
    async receiveAlerts(body) {
      const parsed = webhook.safeParse(body);
      if (!parsed.success) throw fail(coreErrors, "ALERT_INVALID", { problem: problemOf(parsed.error) });
      let drafts: readonly StatusDraft[] = [];
      await record(options, (book) => (drafts = draftsFor(parsed.data.alerts, book, options)));
      const ids = (type: StatusDraft["type"]) => drafts.flatMap(({ type: one, data }) => (one === type && "id" in data ? [data.id] : []));
      const [opened, resolved] = [ids("incident.opened"), ids("incident.updated")];
      return { opened, resolved, unchanged: parsed.data.alerts.length - drafts.length };
    },
  };
}

function problemOf({ issues: [issue] }: z.ZodError): string {
  return issue === undefined ? "it cannot be read." : `${issue.path.join(".") || "it"}: ${issue.message}.`;
}

function draftsFor(alerts: readonly Alert[], book: StatusBook, options: DeskOptions): readonly StatusDraft[] {
  const seen = new Set<string>();
  return alerts.flatMap((alert) => {
    // The last word on it in one webhook would be lost if it were there twice; Alertmanager never sends that.
    if (seen.has(alert.fingerprint)) return [];
    seen.add(alert.fingerprint);
    const key = keyOf(alert);
    const earlier = book.incidents.filter((incident) => incident.key === key);
    const open = earlier.find(isOpen);
    if (alert.status === "resolved") return open === undefined || endedBefore(alert, open) ? [] : [resolvedBy(alert, open, options)];
    // One that was resolved, by it or by a person, and is told of again.
    const isOld = earlier.some(({ startedAt }) => Date.parse(startedAt) >= Math.min(Date.parse(alert.startsAt), options.clock.now()));
    return open !== undefined || isOld ? [] : [openedBy(alert, book, options)];
  });
}

/** A late word about an earlier time that it fired. Where there is no end, the year 1 is sent. */
function endedBefore({ endsAt }: Alert, { startedAt }: Incident): boolean {
  const ended = endsAt === undefined ? 0 : Date.parse(endsAt);
  return ended > 0 && ended < Date.parse(startedAt);
}

/** What is cut off could else leave a part of a secret that is not recognized. */
function shown(text: string, redact: DeskOptions["redact"], most: number): string {
  return redact(text).slice(0, most).toWellFormed();
}

function keyOf({ fingerprint }: Alert): string {
  return `alert/${fingerprint}`;
}

function openedBy(alert: Alert, book: StatusBook, { redact, clock }: DeskOptions): StatusDraft {
  const { labels, annotations, startsAt } = alert;
  const status = statusOf(labels["severity"] ?? "");
  const component = book.components.find(({ name, title }) => name === labels["component"] || title === labels["component"]);
  const components = component === undefined ? {} : { [component.name]: status };
  const title = annotations["status_title"] ?? labels["alertname"] ?? "Something is wrong";
  const body = annotations["status_body"] ?? "Our monitoring has found a problem. We are looking into it.";
  const wanted = {
    status: "investigating",
    impact: impactOf([status]),
    components,
    key: keyOf(alert),
    actor: null,
    startedAt: startsAt,
  } as const;
  const id = statusId("alert", alert.fingerprint, startsAt, book.head.hash);
  const said = { title: shown(title, redact, longest.title), body: shown(body, redact, longest.body) };
  return openedDraft({ ...wanted, ...said }, { id, origin: "alert", now: clock.now() });
}

function resolvedBy(alert: Alert, { id, title, impact, components }: Incident, { redact }: DeskOptions): StatusDraft {
  const body = shown(alert.annotations["status_resolved"] ?? "Our monitoring finds no problem any more.", redact, longest.body);
  return { type: "incident.updated", data: { id, title, status: "resolved", impact, components: wellOf(components), body, actor: null } };
}

function statusOf(severity: string): ComponentStatus {
  const word = severity.toLowerCase();
  if (["critical", "emergency", "fatal"].includes(word)) return "major_outage";
  return ["error", "major", "high", "page"].includes(word) ? "partial_outage" : "degraded_performance";
}
