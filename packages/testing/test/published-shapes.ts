/**
 * The members that Vercel's OpenAPI document requires in each answer, with their types, for as much as the emulator answers.
 * Data of the tests: a JSON schema per answer.
 */
const text = { type: "string" } as const;
const number = { type: "number" } as const;
const flag = { type: "boolean" } as const;
const object = { type: "object" } as const;
const list = { type: "array" } as const;

const shape = (properties: Readonly<Record<string, object>>, optional: Readonly<Record<string, object>> = {}): object => ({
  type: "object",
  required: Object.keys(properties),
  properties: { ...properties, ...optional },
});

const readyStates = { enum: ["QUEUED", "INITIALIZING", "BUILDING", "READY", "ERROR", "CANCELED", "BLOCKED"] } as const;
const targets = { enum: ["production", "staging", null] } as const;
const pagination = shape({ count: number, next: { type: ["number", "null"] }, prev: { type: ["number", "null"] } });

export const publishedShapes = {
  deployment: shape(
    {
      id: text,
      url: text,
      name: text,
      version: { const: 2 },
      type: { const: "LAMBDAS" },
      readyState: readyStates,
      status: readyStates,
      regions: { type: "array", items: text },
      routes: { type: ["array", "null"] },
      plan: { enum: ["pro", "enterprise", "hobby"] },
      public: flag,
      ownerId: text,
      projectId: text,
      projectSettings: object,
      meta: { type: "object", additionalProperties: text },
      env: { type: "array", items: text },
      build: shape({ env: { type: "array", items: text } }),
      creator: shape({ uid: text }),
      createdAt: number,
      createdIn: text,
      bootedAt: number,
      buildingAt: number,
      buildSkipped: flag,
      aliasAssigned: flag,
      inspectorUrl: { type: ["string", "null"] },
      isInConcurrentBuildsQueue: flag,
      isInSystemBuildsQueue: flag,
    },
    { target: targets, readySubstate: { enum: ["STAGED", "ROLLING", "PROMOTED"] }, alias: { type: "array", items: text }, ready: number },
  ),
  deploymentList: shape({
    deployments: {
      type: "array",
      minItems: 1,
      items: shape(
        {
          uid: text,
          url: text,
          name: text,
          type: { const: "LAMBDAS" },
          readyState: readyStates,
          projectId: text,
          creator: shape({ uid: text }),
          created: number,
          createdAt: number,
          inspectorUrl: { type: ["string", "null"] },
        },
        { target: targets, aliasAssigned: { type: ["number", "boolean", "null"] } },
      ),
    },
    pagination,
  }),
  project: shape(
    {
      id: text,
      name: text,
      accountId: text,
      nodeVersion: { enum: ["24.x", "22.x", "20.x", "18.x"] },
      alias: { type: "array", minItems: 1, items: shape({ domain: text, target: { enum: ["PRODUCTION", "STAGING"] } }) },
      directoryListing: flag,
      deploymentExpiration: object,
      resourceConfig: shape({ functionDefaultRegions: list }),
      defaultResourceConfig: shape({ functionDefaultRegions: list }),
    },
    {
      autoAssignCustomDomains: flag,
      targets: { type: "object", properties: { production: shape({ id: text }) } },
      lastAliasRequest: {
        anyOf: [
          { type: "null" },
          shape({
            fromDeploymentId: { type: ["string", "null"] },
            toDeploymentId: text,
            jobStatus: { enum: ["succeeded", "failed", "skipped", "pending", "in-progress"] },
            requestedAt: number,
            type: { enum: ["promote", "rollback"] },
          }),
        ],
      },
    },
  ),
  alias: shape({
    uid: text,
    alias: text,
    created: text,
    deploymentId: { type: ["string", "null"] },
    projectId: { type: ["string", "null"] },
  }),
  assignedAlias: shape({ uid: text, alias: text, created: text }),
  events: {
    type: "array",
    minItems: 2,
    items: {
      anyOf: [
        shape({ type: { const: "alias-assigned" }, date: number, deploymentId: text, alias: list, aliasError: {}, aliasWarning: {} }),
        shape({
          type: { enum: ["stdout", "stderr", "command", "exit", "deployment-state"] },
          created: number,
          date: number,
          deploymentId: text,
          id: text,
          serial: text,
          info: shape({ type: text, name: text }),
        }),
      ],
    },
  },
  domains: shape({
    domains: { type: "array", minItems: 1, items: shape({ name: text, apexName: text, projectId: text, verified: flag }) },
    pagination,
  }),
  checks: shape({
    checks: {
      type: "array",
      minItems: 1,
      items: shape({
        id: text,
        name: text,
        status: text,
        blocking: flag,
        deploymentId: text,
        integrationId: text,
        createdAt: number,
        updatedAt: number,
      }),
    },
  }),
  error: shape({ error: shape({ code: text, message: text }) }),
} as const;
