import { fail } from "../../errors/fairlead-error.js";
import type { AffectedComponents, Incident, IncidentStatus, StatusDesk } from "../../status/index.js";
import { findActor } from "../actor.js";
import { cliErrors } from "../cli-errors.js";
import { defineCommand } from "../command.js";
import { oneLine } from "../render/text.js";
import type { Session } from "../session.js";
import { environmentOf } from "../subject.js";
import { environmentBrief, textFlag } from "./shared-flags.js";

interface IncidentFlags {
  readonly id?: string;
  readonly title?: string;
  readonly body?: string;
  readonly state?: IncidentStatus;
  readonly components?: string;
  readonly actor?: string;
}

export const incidentCommand = defineCommand<IncidentFlags>({
  name: "incident",
  brief: "Show, open or update incidents of the status page",
  description:
    "Shows the incidents that are open. With --title and --body it opens one; with --id and --body it says something new about one, or with --state resolved that it is over.",
  subject: "environment",
  subjectBrief: environmentBrief,
  effect: "acts",
  untouched: "Nothing was recorded.",
  examples: [
    "incident production",
    'incident --title Slow --body "We look into it."',
    'incident --id 3k9x0dm2p7qa --body "Mended." --state resolved',
  ],
  flags: {
    id: textFlag("Which one to update", "id"),
    title: textFlag("One line, for those who use the application", "text"),
    body: textFlag("What is known", "text"),
    state: {
      kind: "enum",
      values: ["investigating", "identified", "monitoring", "resolved", "postmortem"],
      brief: "How far it is",
      optional: true,
    },
    components: textFlag("Components and how they are: web=major_outage,api=degraded_performance", "list"),
    actor: textFlag("Who; else from CI, git or the system", "name"),
  },
  async run(session, flags, subject) {
    const environment = environmentOf(session, subject);
    const desk = await session.deployer.statusPage(environment);
    if (flags.body === undefined && flags.title === undefined && flags.id === undefined) {
      const { incidents } = await desk.read();
      const open = incidents.filter(({ status }) => status !== "resolved" && status !== "postmortem");
      for (const incident of open) tell(session, environment, incident);
      if (open.length === 0) session.output.text([`No incident is open in ${environment}.`]);
      return { exitCode: 0 };
    }
    const incident = await write(session, desk, flags);
    tell(session, environment, incident);
    const isOver = incident.status === "resolved" || incident.status === "postmortem";
    return { exitCode: 0, next: isOver ? [] : [`incident ${environment} --id ${incident.id} --state resolved --body "…"`] };
  },
});

async function write(
  session: Session,
  desk: StatusDesk,
  { id, title, body, state, components, actor: given }: IncidentFlags,
): Promise<Incident> {
  const refuse = (problem: string) => fail(cliErrors, "CLI_USAGE_INVALID", { problem, help: session.typed("incident --help") });
  if (body === undefined) throw refuse("Say in --body what is known.");
  const { name: actor } = await findActor(given, session.env);
  const affected = components === undefined ? {} : { components: componentsIn(components, refuse) };
  const common = { body, actor, ...affected, ...(title === undefined ? {} : { title }) };
  if (id !== undefined) return desk.updateIncident({ id, ...common, ...(state === undefined ? {} : { status: state }) });
  if (title === undefined) throw refuse("Name it by --title, or say with --id which one it is about.");
  if (state === "resolved" || state === "postmortem") throw refuse("An incident that opens is not over.");
  return desk.openIncident({ ...common, title, ...(state === undefined ? {} : { status: state }) });
}

/** The words for how a component is are the status page's to refuse. */
function componentsIn(list: string, refuse: (problem: string) => Error): AffectedComponents {
  const pairs = list.split(",").map((pair) => pair.trim().split("="));
  const wrong = pairs.find((pair) => pair.length !== 2);
  if (wrong !== undefined) throw refuse(`"${wrong.join("=")}" does not say how a component is: write web=major_outage.`);
  return Object.fromEntries(pairs) as AffectedComponents;
}

function tell({ output }: Session, environment: string, { id, title, status, impact, startedAt, components }: Incident): void {
  output.record("incident", { environment, id, title, status, impact, startedAt, components });
  const affected = Object.entries(components).map(([name, how]) => `${name} ${how.replaceAll("_", " ")}`);
  output.text([`${output.style.strong(oneLine(title))}  ${id}`, `  ${[status, `since ${startedAt}`, ...affected].join(" · ")}`]);
}
