import { setTimeout as sleep } from "node:timers/promises";
import type { JsonObject } from "@fairlead/core";
import { jsonAnswer, type ProviderAnswer } from "../shared/provider.js";
import { notFound, type RouteScene } from "./route.js";
import { findDeployment, type Deployment } from "./state.js";

const lineInterval = 25;

/** `GET /v3/deployments/:deployment/events`: what the build said, as JSON or as lines, and while it lasts if `follow` is asked for. */
export function readEvents(scene: RouteScene): ProviderAnswer {
  const deployment = findDeployment(scene.state, scene.params["deployment"] ?? "");
  if (deployment === undefined) return notFound("Deployment");
  const { query } = scene.call;
  const follow = query.get("follow") === "1";
  if (!follow && query.get("format") !== "lines") return jsonAnswer(200, eventsOf(deployment));
  return { status: 200, headers: { "content-type": "application/stream+json; charset=utf-8" }, body: lines(scene, deployment, follow) };
}

async function* lines(scene: RouteScene, deployment: Deployment, follow: boolean): AsyncGenerator<string> {
  let told = 0;
  for (;;) {
    scene.settle();
    const events = eventsOf(deployment);
    for (const event of events.slice(told)) yield `${JSON.stringify(event)}\n`;
    told = events.length;
    if (!follow || isOver(deployment)) return;
    await sleep(lineInterval);
  }
}

function isOver(deployment: Deployment): boolean {
  if (deployment.deleted || ["ERROR", "CANCELED", "BLOCKED"].includes(deployment.state)) return true;
  return (
    deployment.state === "READY" &&
    (deployment.aliasAssignedAt !== undefined || deployment.aliasing === "failed" || deployment.checks === "failed")
  );
}

function eventsOf(deployment: Deployment): JsonObject[] {
  const events: JsonObject[] = [];
  const tell = (type: string, date: number, text: string, more: JsonObject = {}): void => {
    const serial = `${String(date)}${String(events.length).padStart(6, "0")}`;
    events.push({
      type,
      created: date,
      date,
      deploymentId: deployment.id,
      id: serial,
      serial,
      text,
      info: { type: "build", name: `bld_${deployment.id.slice(4)}`, entrypoint: "." },
      ...more,
    });
  };
  if (deployment.buildingAt !== undefined) {
    tell("stdout", deployment.buildingAt, "Running build in Washington, D.C., USA (East) – iad1");
    tell("stdout", deployment.buildingAt, `Retrieving ${String(deployment.files.size)} deployment files...`);
  }
  if (deployment.state === "ERROR")
    tell("stderr", deployment.buildingAt ?? deployment.createdAt, 'Error: Command "npm run build" exited with 1');
  if (deployment.readyAt !== undefined) tell("stdout", deployment.readyAt, "Deployment completed");
  if (deployment.aliasAssignedAt !== undefined) {
    const { aliasAssignedAt: date, id: deploymentId, aliases: alias } = deployment;
    events.push({ type: "alias-assigned", date, created: date, deploymentId, alias, aliasError: null, aliasWarning: null });
  }
  return events;
}
