import { defineErrors, error } from "./definition.js";

/** What a status page, its incidents and its maintenances refuse. Part of `coreErrors`. */
export const statusErrors = defineErrors({
  STATUS_OPTION_INVALID: error<{ option: string; problem: string }>({
    status: 500,
    retryable: false,
    message: ({ option, problem }) => `The option \`${option}\` of the status page ${problem}`,
    hint: () => "Mend the option, or leave it out if it has a default.",
  }),
  STATUS_INPUT_INVALID: error<{ field: string; problem: string }>({
    status: 400,
    retryable: false,
    message: ({ field, problem }) => `\`${field}\` ${problem}`,
    hint: () => "Mend it and try again; nothing was recorded.",
  }),
  STATUS_PAGE_UNKNOWN: error<{ environment: string }>({
    status: 404,
    retryable: false,
    message: ({ environment }) => `There is no status page of ${environment}.`,
    hint: () => "Let a process that has `createStatus` of this environment and store run first: it declares the page.",
  }),
  STATUS_COMPONENT_UNKNOWN: error<{ component: string; known: readonly string[] }>({
    status: 404,
    retryable: false,
    message: ({ component, known }) =>
      `The status page has no component "${component}". ${known.length === 0 ? "It has none yet." : `There are: ${known.join(", ")}.`}`,
    hint: () => "Name a component as the status page declares it. A page is known once a process that declares it has run.",
  }),
  INCIDENT_UNKNOWN: error<{ incident: string }>({
    status: 404,
    retryable: false,
    message: ({ incident }) => `There is no incident "${incident}".`,
    hint: () => "Look at the incidents that there are: only those that are open, and the newest of those that are not, can be changed.",
  }),
  INCIDENT_RESOLVED: error<{ incident: string }>({
    status: 409,
    retryable: false,
    message: ({ incident }) => `The incident "${incident}" is resolved.`,
    hint: () => "Only a post-mortem can follow. Open another incident if it is back.",
  }),
  MAINTENANCE_UNKNOWN: error<{ maintenance: string }>({
    status: 404,
    retryable: false,
    message: ({ maintenance }) => `There is no maintenance "${maintenance}".`,
    hint: () => "Look at the maintenances that there are.",
  }),
  MAINTENANCE_OVER: error<{ maintenance: string }>({
    status: 409,
    retryable: false,
    message: ({ maintenance }) => `The maintenance "${maintenance}" is over.`,
    hint: () => "Schedule another one.",
  }),
  ALERT_INVALID: error<{ problem: string }>({
    status: 400,
    retryable: false,
    message: ({ problem }) => `This is no webhook of Alertmanager or Grafana: ${problem}`,
    hint: () => "Let Alertmanager send its webhook of version 4, or Grafana its own, as it is.",
  }),
});
