import { context, metrics, SpanKind, SpanStatusCode, trace, type Attributes } from "@opentelemetry/api";
import type { PlanStep } from "../contract/plan.js";
import type { DeploymentState } from "../machine/index.js";
import type { Clock } from "../time/clock.js";
import type { Telemetry } from "./telemetry.js";

/** Names of the CI/CD semantic conventions (release candidate), which libraries are told to copy rather than to import; a test holds them against the published constants. */
export const attributeNames = Object.freeze({
  pipeline: "cicd.pipeline.name",
  run: "cicd.pipeline.run.id",
  result: "cicd.pipeline.result",
  state: "cicd.pipeline.run.state",
  action: "cicd.pipeline.action.name",
  task: "cicd.pipeline.task.name",
  taskRun: "cicd.pipeline.task.run.id",
  taskResult: "cicd.pipeline.task.run.result",
  taskType: "cicd.pipeline.task.type",
  environment: "deployment.environment.name",
  deployment: "deployment.id",
  errorType: "error.type",
});

export const metricNames = Object.freeze({
  duration: "cicd.pipeline.run.duration",
  active: "cicd.pipeline.run.active",
  errors: "cicd.pipeline.run.errors",
});

/** What a run came to, in the words of the conventions: `failure` is the release's, `error` the system's. */
type Result = "success" | "failure" | "error" | "timeout" | "cancellation";

/**
 * A deployment as a trace and each attempt as a span, through the API only: without an SDK in the process it costs nothing and tells nobody. Carries codes and names, never messages, so no secret can be in
 * it.
 */
export function openTelemetry(clock: Clock): Telemetry {
  const tracer = trace.getTracer("@fairlead/core");
  const meter = metrics.getMeter("@fairlead/core");
  const duration = meter.createHistogram(metricNames.duration, { unit: "s", description: "Duration of a deployment." });
  const active = meter.createUpDownCounter(metricNames.active, { unit: "{run}", description: "Deployments under way." });
  const errors = meter.createCounter(metricNames.errors, { unit: "{error}", description: "Errors that ended a deployment." });
  return {
    deployment: (state, work) => {
      const { application, environment } = state.plan;
      const labels: Attributes = { [attributeNames.pipeline]: application, [attributeNames.environment]: environment };
      const attributes = {
        ...labels,
        [attributeNames.run]: state.id,
        [attributeNames.deployment]: state.id,
        [attributeNames.action]: "RUN",
      };
      return tracer.startActiveSpan(`RUN ${application}`, { kind: SpanKind.SERVER, attributes }, async (span) => {
        const running = { ...labels, [attributeNames.state]: "executing" };
        const startedAt = clock.now();
        active.add(1, running);
        try {
          const after = await work();
          const result = resultOf(after);
          const code = after.error?.code ?? after.attention?.errors[0]?.error.code;
          const failed = code === undefined ? {} : { [attributeNames.errorType]: code };
          span.setAttributes({ [attributeNames.result]: result, ...failed });
          if (result !== "success") span.setStatus({ code: SpanStatusCode.ERROR });
          if (code !== undefined) errors.add(1, { ...labels, ...failed });
          duration.record((clock.now() - startedAt) / 1_000, { ...running, [attributeNames.result]: result, ...failed });
          return after;
        } catch (error) {
          span.setAttribute(attributeNames.result, "error");
          span.setStatus({ code: SpanStatusCode.ERROR });
          throw error;
        } finally {
          active.add(-1, running);
          span.end();
        }
      });
    },
    step: ({ step, direction, attempt }, work) => {
      const attributes = {
        [attributeNames.task]: direction === "undo" ? `undo ${step.id}` : step.id,
        [attributeNames.taskRun]: `${step.id}/${direction}/${String(attempt)}`,
        [attributeNames.taskType]: taskTypeOf(step),
        "fairlead.stage": step.stage,
        "fairlead.operation": step.operation,
      };
      return tracer.startActiveSpan(step.id, { kind: SpanKind.INTERNAL, attributes }, context.active(), async (span) => {
        try {
          const outcome = await work();
          const result = outcome.type === "step.succeeded" ? "success" : outcome.type === "step.interrupted" ? "timeout" : "failure";
          span.setAttribute(attributeNames.taskResult, result);
          if (outcome.type === "step.failed" || outcome.type === "step.interrupted") {
            span.setAttribute(attributeNames.errorType, outcome.data.error.code);
            span.setStatus({ code: SpanStatusCode.ERROR });
          }
          return outcome;
        } finally {
          span.end();
        }
      });
    },
  };
}

function resultOf({ phase }: DeploymentState): Result {
  if (phase === "succeeded") return "success";
  if (phase === "cancelled" || phase === "abandoned") return "cancellation";
  return phase === "failed" || phase === "rolled_back" ? "failure" : "error";
}

function taskTypeOf({ stage }: PlanStep): "build" | "test" | "deploy" {
  if (stage === "provision") return "build";
  return stage === "verify" || stage === "bake" || stage === "preflight" ? "test" : "deploy";
}
