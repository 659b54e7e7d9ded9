import { createHash } from "node:crypto";
import type { Notification, Severity } from "../contract/notifier.js";
import type { OutboxWrite } from "../contract/store.js";
import { approversOf, isWaiting, summaryAsked, type DeploymentState } from "../machine/index.js";
import { formatMilliseconds } from "../time/duration.js";
import { servingAfterRollback } from "../plan/index.js";
import type { DraftEvent } from "./deployment-writer.js";

interface Wording {
  readonly severity: Severity;
  readonly title: string;
  readonly text: string;
}

interface About {
  readonly state: DeploymentState;
  readonly what: string;
  readonly where: string;
  readonly took: string;
}

/** Messages about these events, one per channel; most events are worth none. */
export function notificationsFor(
  events: readonly DraftEvent[],
  state: DeploymentState,
  options: { readonly channels: readonly string[]; readonly now: number },
): readonly OutboxWrite[] {
  return events.flatMap((event) => {
    const wording = wordingOf(event, state, options.now);
    return wording === undefined ? [] : options.channels.map((channel) => messageFor(channel, event, { wording, state, now: options.now }));
  });
}

function messageFor(
  channel: string,
  event: DraftEvent,
  { wording, state, now }: { readonly wording: Wording; readonly state: DeploymentState; readonly now: number },
): OutboxWrite {
  const { application, environment, release } = state.plan;
  const dedupeKey = `${state.id}/${event.type}/${channel}/${which(event, now)}`;
  const id = `msg_${createHash("sha256").update(dedupeKey).digest("hex").slice(0, 32)}`;
  const { commit, branch } = release.provenance;
  const notification: Notification = {
    id,
    event: event.type,
    severity: wording.severity,
    title: wording.title,
    text: wording.text,
    fields: [
      { name: "Release", value: release.id },
      ...(commit === undefined
        ? []
        : [{ name: "Commit", value: branch === undefined ? commit.slice(0, 12) : `${commit.slice(0, 12)} (${branch})` }]),
      { name: "By", value: state.actor.name },
      { name: "Deployment", value: state.id },
    ],
    links: [],
    at: new Date(now).toISOString(),
    application,
    environment,
    deploymentId: state.id,
  };
  return { id, dedupeKey, channel, lane: `${channel}/${state.id}`, application, environment, notification };
}

/** Tells messages of one deployment apart that are about events of one type. */
function which(event: DraftEvent, now: number): string {
  if (event.type === "attention.requested") return String(now);
  return event.type === "step.deferred" ? event.data.step : "";
}

/** What a message says, by event; the other events are worth none. */
const wordings: {
  readonly [Type in DraftEvent["type"]]?: (event: Extract<DraftEvent, { type: Type }>, about: About) => Wording | undefined;
} = {
  "deployment.created": (_, { what, where, state }) => ({
    severity: "info",
    title: isWaiting(state.phase) ? `${what} of ${where} waits` : `${what} of ${where} has begun`,
    text: state.reason ?? state.plan.release.provenance.message ?? "",
  }),
  "deployment.succeeded": ({ data }, { what, where, took }) =>
    data.outcome === "unchanged" ? undefined : { severity: "success", title: `${what} of ${where} succeeded`, text: `It took ${took}.` },
  "approval.requested": ({ data }, { what, where, state }) => ({
    severity: "warning",
    title: `${what} of ${where} waits for ${String(data.required)} to agree`,
    text: `${state.actor.name} wants it${state.reason === null ? "" : `: ${state.reason}`}. It expires at ${new Date(data.expiresAt).toISOString()}.`,
  }),
  "step.deferred": ({ data }, { what, where, state }) =>
    data.waitingFor === "inconclusive"
      ? {
          severity: "warning",
          title: `${what} of ${where} cannot be judged`,
          text: `${data.reason}${data.until === null ? "" : ` Without \`advance\` it is taken back at ${new Date(data.until).toISOString()}.`}`,
        }
      : data.waitingFor !== "approval" || approversOf(state, data.step).length > 0
        ? undefined
        : {
            severity: "warning",
            title: `${what} of ${where} waits for approval`,
            text: [
              `${data.reason}${data.until === null ? "" : `, until ${new Date(data.until).toISOString()}`}.`,
              // The reason says the first one.
              ...summaryAsked(state, data.step).slice(1),
            ].join("\n"),
          },
  "deployment.superseded": ({ data }, { what, where }) => ({
    severity: "info",
    title: `${what} of ${where} was superseded before it began`,
    text: `${data.by} has its place.`,
  }),
  "deployment.rejected": ({ data }, { what, where }) => ({
    severity: "warning",
    title: `${what} of ${where} was rejected`,
    text: `${data.actor.name} refused${data.reason === null ? "" : `: ${data.reason}`}. Nothing was changed.`,
  }),
  "deployment.expired": ({ data }, { what, where }) => ({
    severity: "warning",
    title: `${what} of ${where} expired`,
    text: `${data.reason}. Nothing was changed.`,
  }),
  "rollback.started": ({ data }, { what, where }) => ({
    severity: "warning",
    title: `${what} of ${where} is being taken back`,
    text: data.error?.message ?? "It was asked to stop.",
  }),
  "deployment.rolled-back": ({ data }, { state, what, where, took }) => ({
    severity: "error",
    title: `${what} of ${where} was taken back`,
    text: `${data.error?.message ?? "It was asked to stop."} ${upperFirst(servingAfterRollback(state.plan))}. It took ${took}.`,
  }),
  "deployment.failed": ({ data }, { what, where }) => ({
    severity: "error",
    title: `${what} of ${where} failed`,
    text: `${data.error.message} Nothing was changed.`,
  }),
  "deployment.cancelled": ({ data }, { what, where }) => ({
    severity: "warning",
    title: `${what} of ${where} was cancelled`,
    text: data.reason ?? "Nothing was changed.",
  }),
  "attention.requested": ({ data }, { what, where }) => ({
    severity: "critical",
    title: `${what} of ${where} needs attention`,
    text: attentionText(data),
  }),
  "deployment.abandoned": ({ data }, { what, where }) => ({
    severity: "warning",
    title: `${what} of ${where} was given up`,
    text: data.reason,
  }),
};

function wordingOf(event: DraftEvent, state: DeploymentState, now: number): Wording | undefined {
  const word = wordings[event.type] as ((event: DraftEvent, about: About) => Wording | undefined) | undefined;
  return word?.(event, {
    state,
    where: `${state.plan.application} ${state.plan.environment}`,
    what: { deploy: "Deployment", rollback: "Rollback", adopt: "Adoption" }[state.kind],
    took: formatMilliseconds(now - state.createdAt),
  });
}

function attentionText({ reason, errors, serving }: Extract<DraftEvent, { type: "attention.requested" }>["data"]): string {
  const causes = errors.map(({ step, provider, error }) => `${step}${provider === null ? "" : ` (${provider})`}: ${error.message}`);
  const facts = serving.map(
    ({ component, known, candidate, release, note }) =>
      `${known ? `${component} serves ${release ?? candidate ?? "nothing"}` : `What serves as ${component} is not known`}${note === null ? "" : ` (${note})`}`,
  );
  return [reason, ...causes, ...facts].join("\n");
}

function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
