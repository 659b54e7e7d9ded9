import { hash } from "node:crypto";
import type { Notification, Severity } from "../contract/notifier.js";
import type { OutboxWrite } from "../contract/store.js";
import type { StatusPlace } from "./book-store.js";
import type { Impact } from "./component-status.js";
import type { StatusDraft, StatusEventData } from "./status-events.js";

/** Where messages about incidents go. */
export interface Audience extends StatusPlace {
  /** Names of plugins that notify. */
  readonly channels: readonly string[];
  readonly page: string | null;
}

const severities: Readonly<Record<Impact, Severity>> = { none: "info", minor: "warning", major: "error", critical: "critical" };

/** One message per channel when an incident opens and one when it is resolved: committed with what they tell, so that there is none too many and none too few. `at` is ISO 8601. */
export function incidentMessages(drafts: readonly StatusDraft[], audience: Audience, at: string): readonly OutboxWrite[] {
  return drafts.flatMap((draft) => {
    const said = wordingOf(draft);
    return said === undefined ? [] : audience.channels.map((channel) => message(said, { channel, audience, at }));
  });
}

interface Wording {
  readonly event: "incident.opened" | "incident.resolved";
  readonly severity: Severity;
  readonly title: string;
  readonly data: StatusEventData["incident.updated"];
}

function wordingOf(draft: StatusDraft): Wording | undefined {
  if (draft.type === "incident.opened")
    return { event: draft.type, severity: severities[draft.data.impact], title: draft.data.title, data: draft.data };
  if (draft.type !== "incident.updated" || draft.data.status !== "resolved") return undefined;
  return { event: "incident.resolved", severity: "success", title: `Resolved: ${draft.data.title}`, data: draft.data };
}

function message(
  { event, severity, title, data }: Wording,
  { channel, audience, at }: { readonly channel: string; readonly audience: Audience; readonly at: string },
): OutboxWrite {
  const { application, environment, page } = audience;
  const dedupeKey = `${application}/${environment}/incident/${data.id}/${event}/${channel}`;
  const id = `msg_${hash("sha256", dedupeKey).slice(0, 32)}`;
  const notification: Notification = {
    id,
    event,
    severity,
    title,
    text: data.body,
    fields: [
      { name: "Incident", value: data.id },
      ...Object.entries(data.components).map(([name, status]) => ({ name, value: status.replaceAll("_", " ") })),
    ],
    links: page === null ? [] : [{ name: "Status page", url: page }],
    at,
    application,
    environment,
  };
  return { id, dedupeKey, channel, lane: `${channel}/incident/${data.id}`, application, environment, notification };
}
