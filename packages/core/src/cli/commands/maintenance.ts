import { fail } from "../../errors/fairlead-error.js";
import type { Maintenance, StatusDesk } from "../../status/index.js";
import { findActor } from "../actor.js";
import { cliErrors } from "../cli-errors.js";
import { defineCommand } from "../command.js";
import { oneLine } from "../render/text.js";
import type { Session } from "../session.js";
import { environmentOf } from "../subject.js";
import { environmentBrief, textFlag } from "./shared-flags.js";

interface MaintenanceFlags {
  readonly id?: string;
  readonly title?: string;
  readonly body?: string;
  readonly from?: string;
  readonly until?: string;
  readonly components?: string;
  readonly cancel?: boolean;
  readonly actor?: string;
}

export const maintenanceCommand = defineCommand<MaintenanceFlags>({
  name: "maintenance",
  brief: "Show, announce or change maintenances of the status page",
  description:
    "Shows what is announced. With --title, --body, --from and --until it announces one; with --id it changes one, or with --cancel calls it off. They begin and end by their times.",
  subject: "environment",
  subjectBrief: environmentBrief,
  effect: "acts",
  untouched: "Nothing was recorded.",
  examples: ["maintenance production", "maintenance --title Move --body … --from … --until …", "maintenance --id 3k9x0dm2p7qa --cancel"],
  flags: {
    id: textFlag("Which one to change", "id"),
    title: textFlag("One line, for those who use the application", "text"),
    body: textFlag("What is done and what it means", "text"),
    from: textFlag("When it begins, with the offset", "time"),
    until: textFlag("When it ends, with the offset", "time"),
    components: textFlag("Components that it is about: web,api", "list"),
    cancel: { kind: "boolean", brief: "Call it off", optional: true, withNegated: false },
    actor: textFlag("Who; else from CI, git or the system", "name"),
  },
  async run(session, flags, subject) {
    const environment = environmentOf(session, subject);
    const desk = await session.deployer.statusPage(environment);
    const { id, title, body, cancel } = flags;
    if (id === undefined && title === undefined && body === undefined) {
      const { maintenances } = await desk.read();
      const coming = maintenances.filter(({ status }) => status !== "completed");
      for (const maintenance of coming) tell(session, environment, maintenance);
      if (coming.length === 0) session.output.text([`No maintenance is announced in ${environment}.`]);
      return { exitCode: 0 };
    }
    const { name: actor } = await findActor(flags.actor, session.env);
    if (id !== undefined && cancel === true) {
      await desk.cancelMaintenance({ id, actor });
      session.output.text([`The maintenance ${id} is called off.`]);
      return { exitCode: 0, next: [`maintenance ${environment}`] };
    }
    const maintenance = await write(session, desk, { ...flags, actor });
    tell(session, environment, maintenance);
    return { exitCode: 0, next: [`maintenance ${environment} --id ${maintenance.id} --cancel`] };
  },
});

async function write(
  session: Session,
  desk: StatusDesk,
  { id, title, body, from, until, components, actor = "" }: MaintenanceFlags,
): Promise<Maintenance> {
  const refuse = (problem: string) => fail(cliErrors, "CLI_USAGE_INVALID", { problem, help: session.typed("maintenance --help") });
  if (body === undefined) throw refuse("Say in --body what it means.");
  if (id !== undefined)
    return desk.updateMaintenance({ id, body, actor, ...(from === undefined ? {} : { from }), ...(until === undefined ? {} : { until }) });
  if (title === undefined || from === undefined || until === undefined)
    throw refuse("Name it by --title and say --from when --until when; or say with --id which one it is about.");
  const names = components === undefined ? {} : { components: components.split(",").map((name) => name.trim()) };
  return desk.scheduleMaintenance({ title, body, from, until, actor, ...names });
}

function tell({ output }: Session, environment: string, { id, title, from, until, components }: Maintenance): void {
  output.record("maintenance", { environment, id, title, from, until, components });
  output.text([`${output.style.strong(oneLine(title))}  ${id}`, `  ${[`${from} to ${until}`, ...components].join(" · ")}`]);
}
