import { isOpen } from "../../status/incident.js";
import type { Status, StatusSnapshot } from "../../status/index.js";
import type { Family } from "./family.js";
import { summedBy, type Sample } from "./sums.js";

const values = { operational: 1, under_maintenance: 1, degraded_performance: 0.5, partial_outage: 0.5, major_outage: 0 } as const;

/** What the status page says of the whole application. */
export function statusFamilies(status: Pick<Status, "current">): readonly Family[] {
  const read =
    (samples: (snapshot: StatusSnapshot) => readonly Sample[]): Family["read"] =>
    async () =>
      samples(await status.current());
  const common = { unit: "1", kind: "gauge" } as const;
  return [
    {
      ...common,
      name: "fairlead_status_component",
      dotted: "status.component",
      help: "What the status page says of a component: 1 operational or in maintenance, 0.5 degraded or a partial outage, 0 a major outage.",
      labels: ["component"],
      read: read(({ components }) => components.map(({ name, status: says }) => ({ labels: { component: name }, value: values[says] }))),
    },
    {
      ...common,
      name: "fairlead_status_stale",
      dotted: "status.stale",
      help: "Whether nobody has looked for so long that the status page can say of nothing that it is well: 1 or 0.",
      labels: [],
      read: read(({ stale }) => [{ labels: {}, value: stale ? 1 : 0 }]),
    },
    {
      ...common,
      name: "fairlead_incidents_open",
      dotted: "incident.open",
      help: "Incidents that are not resolved.",
      unit: "{incident}",
      labels: ["impact"],
      read: read(({ incidents }) =>
        summedBy(
          incidents.filter(isOpen),
          ({ impact }) => ({ impact }),
          () => 1,
        ),
      ),
    },
  ];
}
