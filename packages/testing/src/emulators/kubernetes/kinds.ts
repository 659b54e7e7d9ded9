/** A kind of objects that the emulator serves. */
export interface ServedKind {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: "v1";
  readonly kind: string;
  readonly plural: string;
  readonly namespaced: boolean;
  readonly shortNames: readonly string[];
}

const kind = (group: string, name: string, plural: string, shortName?: string): ServedKind => ({
  group,
  version: "v1",
  kind: name,
  plural,
  namespaced: name !== "Namespace",
  shortNames: shortName === undefined ? [] : [shortName],
});

export const servedKinds: readonly ServedKind[] = [
  kind("", "Namespace", "namespaces", "ns"),
  kind("", "ConfigMap", "configmaps", "cm"),
  kind("", "Secret", "secrets"),
  kind("", "Service", "services", "svc"),
  kind("", "ServiceAccount", "serviceaccounts", "sa"),
  kind("apps", "Deployment", "deployments", "deploy"),
  kind("apps", "StatefulSet", "statefulsets", "sts"),
  kind("apps", "DaemonSet", "daemonsets", "ds"),
  kind("batch", "Job", "jobs"),
  kind("batch", "CronJob", "cronjobs", "cj"),
  kind("networking.k8s.io", "Ingress", "ingresses", "ing"),
];

export const servedGroups: readonly string[] = [...new Set(servedKinds.map(({ group }) => group))];

/** `v1`, `apps/v1`. */
export function apiVersionOf({ group, version }: Pick<ServedKind, "group" | "version">): string {
  return group === "" ? version : `${group}/${version}`;
}

/** Where objects of a group are: `/api/v1`, `/apis/apps/v1`. */
export function rootOf(group: string): string {
  return group === "" ? "/api/v1" : `/apis/${group}/v1`;
}
