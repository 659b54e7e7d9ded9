import type { AnyPlugin } from "../contract/plugin.js";
import type { EnvironmentSpec } from "../config/environment-spec.js";
import type { Store } from "../contract/store.js";
import type { Redactor } from "../secret/redactor.js";
import { createStatusDesk, type StatusDesk } from "../status/status-desk.js";
import type { Clock } from "../time/clock.js";
import { pluginsOf } from "./runtime.js";

/** The status page of an environment, with its notifiers, and with secrets taken out of what people say. `acting` marks what does something. */
export function openStatusPage(
  spec: EnvironmentSpec,
  options: {
    readonly application: string;
    readonly plugins: readonly AnyPlugin[];
    readonly store: Store;
    readonly clock: Clock;
    readonly redactor: Redactor;
    readonly acting: <Input, Result>(write: (input: Input) => Promise<Result>) => (input: Input) => Promise<Result>;
  },
): StatusDesk {
  const { application, plugins, store, clock, redactor, acting } = options;
  const channels = pluginsOf(spec, plugins)
    .filter(({ provides }) => provides.includes("notifier"))
    .map(({ name }) => name);
  const desk = createStatusDesk({ application, environment: spec.name, store, clock, channels, redact: (text) => redactor.text(text) });
  return Object.freeze<StatusDesk>({
    read: () => desk.read(),
    openIncident: acting((input) => desk.openIncident(input)),
    updateIncident: acting((input) => desk.updateIncident(input)),
    scheduleMaintenance: acting((input) => desk.scheduleMaintenance(input)),
    updateMaintenance: acting((input) => desk.updateMaintenance(input)),
    completeMaintenance: acting((input) => desk.completeMaintenance(input)),
    cancelMaintenance: acting((input) => desk.cancelMaintenance(input)),
  });
}
