import * as z from "zod";
import type { Status } from "../status/index.js";
import type { HttpReply } from "./exchange.js";
import { jsonReply } from "./exchange.js";
import type { Identity } from "./identity.js";
import { defineRoute, type Route } from "./route.js";

const word = z.enum(["operational", "under_maintenance", "degraded_performance", "partial_outage", "major_outage"]);
const components = z.record(z.string().max(100), word);
const impact = z.enum(["none", "minor", "major", "critical"]);
const title = z.string().min(1).max(200);
const body = z.string().min(1).max(10_000);
const time = z.iso.datetime({ offset: true });
const named = z.strictObject({ id: z.string().max(100) });
const incidentAnswer = z.looseObject({ id: z.string(), title: z.string(), status: z.string() });
const alertsAnswer = z.object({ opened: z.array(z.string()), resolved: z.array(z.string()), unchanged: z.number() });

/** Many alerts come in one webhook, and whoever sends it would send one that is refused again and again. In bytes. */
const alertsLimit = 2 * 1024 * 1024;

/** Incidents and maintenances by those who may write them, and by the webhooks of Alertmanager and Grafana. */
export function statusWriteRoutes(status: Status): readonly Route[] {
  const common = { method: "POST", permission: "incidents.write", environmentOf: () => status.environment } as const;
  const answered = (description: string, code = 200) => ({ [code]: { description, schema: incidentAnswer } });
  return [
    defineRoute({
      ...common,
      id: "status.alerts",
      path: "/status/alerts",
      summary: "Takes the webhook of Alertmanager (version 4) or Grafana: alerts open incidents and resolve them",
      body: z.looseObject({ alerts: z.array(z.unknown()) }),
      bodyLimit: alertsLimit,
      answers: { 200: { description: "what became of the alerts", schema: alertsAnswer } },
      answer: async ({ body: webhook }) => told(200, await status.receiveAlerts(webhook)),
    }),
    defineRoute({
      ...common,
      id: "incidents.open",
      path: "/status/incidents",
      summary: "Opens an incident; the same key gives the same one while it is open",
      body: z.strictObject({
        ...{ title, body },
        status: z.exactOptional(z.enum(["investigating", "identified", "monitoring"])),
        impact: z.exactOptional(impact),
        components: z.exactOptional(components),
        key: z.exactOptional(z.string().min(1).max(200)),
        startedAt: z.exactOptional(time),
      }),
      answers: answered("the incident", 201),
      answer: async ({ body: input, identity }) => told(201, await status.openIncident({ ...input, ...actorOf(identity) })),
    }),
    defineRoute({
      ...common,
      id: "incidents.update",
      path: "/status/incidents/{id}",
      summary: "Says something new about an incident, or that it is resolved",
      parameters: named,
      body: z.strictObject({
        body,
        title: z.exactOptional(title),
        status: z.exactOptional(z.enum(["investigating", "identified", "monitoring", "resolved", "postmortem"])),
        impact: z.exactOptional(impact),
        components: z.exactOptional(components),
      }),
      answers: answered("the incident"),
      answer: async ({ path, body: input, identity }) =>
        told(200, await status.updateIncident({ ...path, ...input, ...actorOf(identity) })),
    }),
    defineRoute({
      ...common,
      id: "maintenances.schedule",
      path: "/status/maintenances",
      summary: "Announces a maintenance; the same key gives the same one while it is not over",
      body: z.strictObject({
        ...{ title, body, from: time, until: time },
        components: z.exactOptional(z.array(z.string().max(100)).max(1_000)),
        key: z.exactOptional(z.string().min(1).max(200)),
      }),
      answers: answered("the maintenance", 201),
      answer: async ({ body: input, identity }) => told(201, await status.scheduleMaintenance({ ...input, ...actorOf(identity) })),
    }),
    defineRoute({
      ...common,
      id: "maintenances.update",
      path: "/status/maintenances/{id}",
      summary: "Says something new about a maintenance, or gives it other times",
      parameters: named,
      body: z.strictObject({ body, from: z.exactOptional(time), until: z.exactOptional(time) }),
      answers: answered("the maintenance"),
      answer: async ({ path, body: input, identity }) =>
        told(200, await status.updateMaintenance({ ...path, ...input, ...actorOf(identity) })),
    }),
    defineRoute({
      ...common,
      id: "maintenances.cancel",
      method: "DELETE",
      path: "/status/maintenances/{id}",
      summary: "Calls a maintenance off",
      parameters: named,
      answers: { 200: { description: "it will not take place", schema: z.object({ id: z.string() }) } },
      answer: async ({ path, identity }) => {
        await status.cancelMaintenance({ ...path, ...actorOf(identity) });
        return told(200, path);
      },
    }),
  ];
}

function actorOf(identity: Identity | undefined): { readonly actor?: string } {
  return identity === undefined ? {} : { actor: identity.name ?? identity.id };
}

function told(code: number, what: object): HttpReply {
  return jsonReply(code, what, { "cache-control": "no-store" });
}
