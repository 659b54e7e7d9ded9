import type { MigrationReference } from "../contract/release.js";
import type { Plan, PlanGroup, PlanStep } from "../contract/plan.js";
import type { Stage } from "../contract/step.js";
import { moveTraffic, strategyName } from "../strategies/moves.js";
import { analysisStep } from "./analysis-step.js";
import { sealPlan } from "./digest.js";
import { freezeGate, requirements, smokeTests } from "./gate-groups.js";
import { planComponents, type PlanRequest, type RequestedComponent } from "./request.js";
import { effectStep, gateStep } from "./step.js";

/** Makes the plan of a deployment. Pure: the same request gives the same plan. */
export function compilePlan(request: PlanRequest): Plan {
  const moves = [...approvalGate(request), ...freezeGate(request), ...moveTraffic(request.components, request.times.settle)];
  const firstPromote = moves.findIndex(({ steps }) => steps.some(({ operation }) => operation === "target.promote"));
  const road: Readonly<Record<Stage, readonly PlanGroup[]>> = {
    preflight: [...requirements(request), ...preflight(request)],
    backup: [],
    provision: provision(request),
    expand: expand(request),
    verify: [...verify(request), ...smokeTests(request, "verify")],
    // Where components come after one another, so do their shifts: all but the first stand behind a promote.
    shift: moves.slice(0, firstPromote),
    promote: moves.slice(firstPromote),
    bake: [...smokeTests(request, "promote"), ...bake(request)],
    finalize: finalize(request),
    contract: contract(request),
  };
  const groups = stages.flatMap((stage) => [...ownSteps(request, stage, "first"), ...road[stage], ...ownSteps(request, stage, "last")]);
  return sealPlan({
    version: 1,
    kind: "deploy",
    application: request.application,
    environment: request.environment,
    strategy: strategyName(request.components),
    release: request.release,
    ...(request.previousRelease === undefined ? {} : { previousRelease: request.previousRelease.id }),
    components: planComponents(request.components),
    groups: groups.filter(({ steps }) => steps.length > 0),
    ...approvalOf(request),
    compatibility: request.migrator?.plan.compatibility ?? "code-only",
    warnings: warningsOf(request),
    ...(request.commits === undefined ? {} : { commits: request.commits }),
  });
}

const stages: readonly Stage[] = [
  "preflight",
  "backup",
  "provision",
  "expand",
  "verify",
  "shift",
  "promote",
  "bake",
  "finalize",
  "contract",
];

/** Removing a candidate may take less than making it, and somebody waits for it: in milliseconds. */
const discardTimeout = 60_000;

function ownSteps(request: PlanRequest, stage: Stage, order: "first" | "last"): PlanGroup[] {
  return request.ownSteps.filter((own) => own.step.stage === stage && own.order === order).map(({ step }) => ({ stage, steps: [step] }));
}

function preflight({ migrator, times }: PlanRequest): PlanGroup[] {
  const providers = gateStep({
    id: "preflight",
    stage: "preflight",
    operation: "gate.preflight",
    description: "ask every provider whether it is ready",
    timeout: 60_000,
  });
  if (migrator === undefined || migrator.plan.pending.length === 0) return [{ stage: "preflight", steps: [providers] }];
  const proof: PlanStep = {
    ...gateStep({
      id: "migrations.verify",
      stage: "preflight",
      operation: "migrator.verify",
      description: `prove that ${count(migrator.plan.pending.length, "pending migration")} can run`,
      timeout: times.migrate,
    }),
    provider: migrator.plugin,
  };
  return [{ stage: "preflight", steps: [providers, proof] }];
}

function provision({ components, release, times }: PlanRequest): PlanGroup[] {
  const steps = components.flatMap((component): PlanStep[] => {
    const artifact = release.artifacts[component.name];
    if (artifact === undefined) return [];
    return [
      effectStep({
        id: `${component.name}.prepare`,
        stage: "provision",
        component: component.name,
        operation: "target.prepare",
        provider: component.target,
        input: { artifact: { ...artifact }, variables: component.variables },
        description: `prepare ${component.name} (${artifact.kind === "image" ? artifact.reference : count(artifact.files, "file")}) at ${component.target}`,
        timeout: times.prepare,
        undoTimeout: discardTimeout,
        settle: times.settle,
        idempotency: "keyed",
        reversibility: component.discards ? "undo" : "leave",
      }),
    ];
  });
  return [{ stage: "provision", steps }];
}

function expand({ migrator, schema, times }: PlanRequest): PlanGroup[] {
  if (migrator === undefined) return [];
  const pending = migrator.plan.pending.filter(({ phase }) => phase !== "contract");
  const safe = schema === "disposable" || migrator.plan.compatibility === "code-only";
  return (["expand", "backfill"] as const).map((phase) => ({
    stage: "expand",
    steps: migrationStep({
      id: `migrations.${phase}`,
      phase,
      plugin: migrator.plugin,
      migrations: pending.filter((one) => one.phase === phase),
      times,
      reversibility: safe ? "leave" : "irreversible",
    }),
  }));
}

function verify({ components, times }: PlanRequest): PlanGroup[] {
  const steps = components.map((component) => ({
    ...gateStep({
      id: `${component.name}.verify`,
      stage: "verify",
      operation: "gate.candidate",
      description: `ask the new ${component.name} whether it is well`,
      timeout: times.verify,
    }),
    component: component.name,
    input: { candidate: { $output: `${component.name}.prepare` }, within: times.verify },
  }));
  return [{ stage: "verify", steps }];
}

function approvalOf({ approval }: PlanRequest): Pick<Plan, "approval"> {
  if (approval?.before !== "start") return {};
  return { approval: { required: approval.required, expiresAfter: approval.expiresAfter } };
}

/** Asked of people who can look at the candidates: nobody is sent to what they have not agreed to. */
function approvalGate({ approval }: PlanRequest): PlanGroup[] {
  if (approval?.before !== "promote") return [];
  const { required, expiresAfter } = approval;
  const step = gateStep({
    id: "approval",
    stage: "shift",
    operation: "gate.approval",
    description: `wait for ${count(required, "person", "people")} to agree`,
    timeout: 60_000,
  });
  return [{ stage: "shift", steps: [{ ...step, input: { required, expiresAfter } }] }];
}

function bake({ components, times, analysis }: PlanRequest): PlanGroup[] {
  const candidates = Object.fromEntries(components.map(({ name }) => [name, { $output: `${name}.prepare` }]));
  const step = gateStep({
    id: "bake",
    stage: "bake",
    operation: "gate.bake",
    description: "watch the release while it serves",
    timeout: times.bake + times.bakeDecides + 30_000,
  });
  return [
    {
      stage: "bake",
      steps: [
        ...(times.bake === 0 ? [] : [{ ...step, input: { candidates, for: times.bake } }]),
        // What served before has no traffic any more.
        ...(analysis === undefined ? [] : [analysisStep({ id: "analysis", stage: "bake", analysis, baseline: false, candidates })]),
      ],
    },
  ];
}

function finalize({ components, times }: PlanRequest): PlanGroup[] {
  const discards = (component: RequestedComponent): PlanStep[] =>
    component.expired.map((candidate, index) =>
      effectStep({
        id: `${component.name}.discard.${String(index + 1)}`,
        stage: "finalize",
        component: component.name,
        operation: "target.discard",
        provider: component.target,
        input: { candidate: { ...candidate } },
        description: `remove ${candidate.id}, which is older than what is retained`,
        timeout: discardTimeout,
        settle: times.settle,
        idempotency: "natural",
        reversibility: "leave",
      }),
    );
  return [{ stage: "finalize", steps: components.flatMap(discards) }];
}

function contract(request: PlanRequest): PlanGroup[] {
  const { migrator, times } = request;
  if (migrator === undefined) return [];
  return [
    {
      stage: "contract",
      steps: migrationStep({
        id: "migrations.contract",
        phase: "contract",
        plugin: migrator.plugin,
        migrations: contractsOf(request),
        times,
        reversibility: "irreversible",
      }),
    },
  ];
}

/** By default a deployment contracts what the release before it left: by then nothing older is live. */
function contractsOf({ migrator, contract, previousRelease }: PlanRequest): readonly MigrationReference[] {
  const pending = migrator?.plan.pending.filter(({ phase }) => phase === "contract") ?? [];
  if (contract === "after-bake") return pending;
  const before = new Set(previousRelease?.migrations.map(({ id }) => id));
  return pending.filter(({ id }) => before.has(id));
}

function migrationStep(options: {
  readonly id: string;
  readonly phase: "expand" | "backfill" | "contract";
  readonly plugin: string;
  readonly migrations: readonly MigrationReference[];
  readonly times: PlanRequest["times"];
  readonly reversibility: "leave" | "irreversible";
}): PlanStep[] {
  const { id, phase, plugin, times, reversibility } = options;
  const migrations = options.migrations.map((one) => ({ id: one.id, checksum: one.checksum, phase: one.phase }));
  if (migrations.length === 0) return [];
  return [
    effectStep({
      id,
      stage: phase === "contract" ? "contract" : "expand",
      operation: "migrator.apply",
      provider: plugin,
      input: { phase, migrations },
      description: `apply ${migrations.map((one) => one.id).join(", ")}`,
      timeout: times.migrate,
      settle: times.settle,
      idempotency: "natural",
      reversibility,
    }),
  ];
}

function warningsOf(request: PlanRequest): string[] {
  const { components, migrator, schema, previousRelease, times, notes } = request;
  const warnings = [
    ...notes,
    ...components
      .filter(({ previous }) => previous === undefined)
      .map(({ name }) => `Nothing serves as ${name} yet: if this release fails after its promote, there is nothing to go back to.`),
  ];
  if (migrator !== undefined && migrator.plan.compatibility !== "code-only" && schema === "protected" && previousRelease !== undefined) {
    warnings.push(
      `After its migrations the release that serves now could not be put back (${migrator.plan.compatibility}): a failure stops and asks.`,
    );
  }
  const contracts = contractsOf(request);
  if (contracts.length > 0)
    warnings.push(`After ${contracts.map(({ id }) => id).join(", ")} only this release and the one before it can be served.`);
  for (const id of migrator?.plan.ahead ?? []) warnings.push(`The database has ${id} already, which this release does not know.`);
  const unasked = components.filter((component) => component.unasked === true).map(({ name }) => name);
  if (unasked.length > 0)
    warnings.push(
      `Nothing asks whether ${unasked.join(" and ")} is well: a release that fails is promoted and kept. Give it a check or a smoke test.`,
    );
  warnings.push(...components.flatMap(trafficWarnings));
  for (const { name, promoteTimeout } of components) {
    if (promoteTimeout + times.settle > 15_000)
      warnings.push(`Promoting ${name} may take longer than 15 s, so a rollback within 30 s cannot be promised.`);
  }
  return warnings;
}

function trafficWarnings({ name, previous, strategy, traffic, abilities }: RequestedComponent): string[] {
  if (traffic === undefined || abilities === undefined || previous === undefined || strategy.kind === "direct") return [];
  return [
    ...(abilities.lossless ? [] : [`${traffic} may cut requests to ${name} while it moves traffic.`]),
    ...(strategy.kind === "canary" && abilities.affinity === "none"
      ? [`${traffic} does not keep visitors of ${name} on one side: each request may be answered by another release.`]
      : []),
  ];
}

function count(amount: number, noun: string, several = `${noun}s`): string {
  return `${String(amount)} ${amount === 1 ? noun : several}`;
}
