import type { OperationContext } from "../engine/operation.js";
import { isCandidate } from "../engine/operations/read-input.js";
import { checksOf, questionAbout, questionOf, type Question } from "./ask.js";
import type { GateOptions } from "./options.js";

/** What is asked about the candidates that a step names, and about the application that they are part of. `live`: they are asked where users ask. */
export async function servingQuestions(context: OperationContext, options: GateOptions, live: boolean): Promise<readonly Question[]> {
  const { plan, input, capabilities, clock } = context;
  const candidates = typeof input["candidates"] === "object" && input["candidates"] !== null ? Object.entries(input["candidates"]) : [];
  const provided = await checksOf(capabilities, "candidate");
  const about = candidates.flatMap(([name, candidate]) => {
    const component = plan.components.find((other) => other.name === name);
    if (component === undefined || !isCandidate(candidate)) return [];
    const { application, environment, release } = plan;
    const subject = { application, environment, component: name, role: component.role, release, candidate, live };
    const checks = [...provided.filter(({ plugin }) => plugin === component.target).map(({ check }) => check), ...options.candidateChecks];
    return checks.map((check) => questionAbout(check, subject, clock));
  });
  const application = await checksOf(capabilities, "application");
  return [
    ...about,
    ...application.map(({ plugin, check }) => questionOf(check, plugin, clock)),
    ...options.applicationChecks.map((check) => questionOf(check, "application", clock)),
  ];
}
