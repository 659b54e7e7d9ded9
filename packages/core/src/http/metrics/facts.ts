import type { Health, HealthSnapshot } from "../../health/index.js";
import type { Status } from "../../status/index.js";
import type { HttpDeployer } from "../http-options.js";
import { createDeploymentTally } from "./deployment-tally.js";
import type { Family } from "./family.js";
import { messageFamilies } from "./message-families.js";
import { statusFamilies } from "./status-families.js";
import { summedBy, type Sample } from "./sums.js";

const healthValue = { healthy: 1, up: 1, degraded: 0.5, unhealthy: 0, down: 0 };

/** What is known of health: from the snapshot. */
function healthFamilies(health: Pick<Health, "snapshot">): readonly Family[] {
  const read =
    (samples: (snapshot: HealthSnapshot) => readonly Sample[]): Family["read"] =>
    () =>
      samples(health.snapshot());
  const one = (value: number): readonly Sample[] => [{ labels: {}, value }];
  return [
    {
      name: "fairlead_health_status",
      dotted: "health.status",
      help: "Health of this instance: 1 healthy, 0.5 degraded, 0 unhealthy.",
      unit: "1",
      kind: "gauge",
      labels: [],
      read: read(({ status }) => one(healthValue[status])),
    },
    {
      name: "fairlead_health_ready",
      dotted: "health.ready",
      help: "Whether to send requests to this instance: 1 or 0.",
      unit: "1",
      kind: "gauge",
      labels: [],
      read: read(({ ready }) => one(ready ? 1 : 0)),
    },
    {
      name: "fairlead_health_check_status",
      dotted: "health.check.status",
      help: "What a check says: 1 up, 0.5 degraded, 0 down. Unknown is not up.",
      unit: "1",
      kind: "gauge",
      labels: ["check", "critical"],
      read: read(({ checks }) =>
        checks.map(({ name, critical, status }) => ({ labels: { check: name, critical: String(critical) }, value: healthValue[status] })),
      ),
    },
    {
      name: "fairlead_health_check_latency_seconds",
      dotted: "health.check.latency",
      help: "How long the last run of a check took.",
      unit: "s",
      kind: "gauge",
      labels: ["check"],
      read: read(({ checks }) =>
        checks.flatMap(({ name, latency }) => (latency === null ? [] : [{ labels: { check: name }, value: latency / 1_000 }])),
      ),
    },
    {
      name: "fairlead_health_checks_overdue",
      dotted: "health.checks.overdue",
      help: "Runs of checks that have outlived their time and have not ended.",
      unit: "{run}",
      kind: "gauge",
      labels: [],
      read: read(({ overdue }) => one(overdue)),
    },
    {
      name: "fairlead_release_info",
      dotted: "deployment.release.info",
      help: "The release that runs here; always 1.",
      unit: "1",
      kind: "gauge",
      labels: ["release"],
      read: read(({ release }) => (release === null ? [] : [{ labels: { release }, value: 1 }])),
    },
  ];
}

/** What is known of deployments: from the history, which is read as far as it is new. */
function deploymentFamilies(deployer: HttpDeployer): readonly Family[] {
  const tally = createDeploymentTally(deployer);
  return [
    {
      name: "fairlead_deployments_total",
      dotted: "deployment.count",
      help: "Deployments that have ended, by what became of them.",
      unit: "{deployment}",
      kind: "counter",
      labels: ["environment", "kind", "phase"],
      read: async () => (await tally.read()).ended,
    },
    {
      name: "fairlead_deployment_duration_seconds_total",
      dotted: "deployment.duration.sum",
      help: "How long deployments that succeeded took altogether, without what they waited.",
      unit: "s",
      kind: "counter",
      labels: ["environment", "kind"],
      read: async () => (await tally.read()).durations,
    },
    {
      name: "fairlead_rollback_duration_seconds_total",
      dotted: "deployment.rollback.duration.sum",
      help: "How long it took altogether until what served before served again.",
      unit: "s",
      kind: "counter",
      labels: ["environment"],
      read: async () => (await tally.read()).restored,
    },
    {
      name: "fairlead_rollbacks_total",
      dotted: "deployment.rollback.count",
      help: "How often what served before was made to serve again.",
      unit: "{rollback}",
      kind: "counter",
      labels: ["environment"],
      read: async () => (await tally.read()).rollbacks,
    },
    {
      name: "fairlead_deployments_open",
      dotted: "deployment.open",
      help: "Deployments that have not ended, by where they are.",
      unit: "{deployment}",
      kind: "gauge",
      labels: ["environment", "phase"],
      read: async () => (await tally.read()).open,
    },
    {
      name: "fairlead_requests_pending",
      dotted: "deployment.requests.pending",
      help: "Deployments that were asked for and that no worker has taken yet.",
      unit: "{request}",
      kind: "gauge",
      labels: ["environment"],
      read: async () =>
        summedBy(
          await deployer.pendingRequests(),
          ({ environment }) => ({ environment }),
          () => 1,
        ),
    },
  ];
}

/** Everything that is told, by the parts that are there. */
export function familiesOf({
  health,
  deployer,
  status,
}: {
  readonly health?: Pick<Health, "snapshot"> | undefined;
  readonly deployer?: HttpDeployer | undefined;
  readonly status?: Pick<Status, "current"> | undefined;
}): readonly Family[] {
  return [
    ...(health === undefined ? [] : healthFamilies(health)),
    ...(deployer === undefined ? [] : deploymentFamilies(deployer)),
    ...(deployer?.messages === undefined ? [] : messageFamilies(deployer.messages)),
    ...(status === undefined ? [] : statusFamilies(status)),
  ];
}
