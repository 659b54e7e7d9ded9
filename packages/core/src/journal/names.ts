/** Names of the streams. Ids are ordered by time, so names are too. */
export const streamNames = Object.freeze({
  deployments: (application: string) => `deployment/${application}/`,
  deployment: (application: string, id: string) => `deployment/${application}/${id}`,
  environment: (application: string, environment: string) => `environment/${application}/${environment}`,
  key: (application: string, environment: string, key: string) => `key/${application}/${environment}/${key}`,
  requests: (application: string) => `request/${application}/`,
  request: (application: string, id: string) => `request/${application}/${id}`,
  requestKey: (application: string, environment: string, key: string) => `request-key/${application}/${environment}/${key}`,
  log: (application: string, id: string) => `log/${application}/${id}`,
  status: (application: string, environment: string) => `status/${application}/${environment}`,
  everyStatusDay: (application: string) => `status-day/${application}/`,
  statusDays: (application: string, environment: string) => `status-day/${application}/${environment}/`,
  statusDay: (application: string, environment: string, day: string) => `status-day/${application}/${environment}/${day}`,
  heartbeats: (application: string, environment: string) => `heartbeat/${application}/${environment}/`,
  heartbeat: (application: string, environment: string, instance: string) =>
    `heartbeat/${application}/${environment}/${encodeURIComponent(instance)}`,
});

/** What a deployment claims. */
export function claimName(application: string, environment: string): string {
  return `${application}/${environment}`;
}
