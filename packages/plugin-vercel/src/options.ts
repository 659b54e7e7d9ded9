import {
  isDuration,
  isSecretReference,
  toMilliseconds,
  type Duration,
  type ResolvedOptions,
  type SecretReference,
  type StandardSchema,
} from "@fairlead/core";
import * as z from "zod";

/**
 * Where an environment's deployments go. `"production"`: production deployments, moved by promote and rollback. `"preview"`: preview deployments behind a domain that Fairlead
 * moves. An object says more about the latter.
 */
export type VercelEnvironment =
  | "production"
  | "preview"
  | {
      /** Name or id of a custom environment of the project, whose variables the deployments get. Default: the preview variables. */
      readonly custom?: string;
      /** The domain that is moved. A `*` in it stands for the environment's own name, e.g. `pr-12`. Default: a name of its own below `vercel.app`. */
      readonly domain?: string;
    };

/** What is asked to find out whether a release is well. */
export interface VercelHealthOptions {
  /** Default `"/"`. */
  readonly path?: string;
  /** Most an answer may take. Default `"5s"`. */
  readonly timeout?: Duration;
  /** `required`: an answer must name its release, else it counts as down. Default `optional`. */
  readonly release?: "optional" | "required";
}

/** Options of `vercel()`. */
export interface VercelOptions {
  /** Name or id of a project that exists. */
  readonly project: string;
  /** An access token whose scope contains the project. */
  readonly token: SecretReference;
  /** Id (`team_…`) or slug of the team that the project belongs to. Default: the token's own account. */
  readonly team?: string;
  /** Default `https://api.vercel.com`. */
  readonly apiUrl?: string;
  /** Where environments go, by name; an instance of a template (`preview/pr-12`) by the name of the template. Default: `production` to production, every other to preview. */
  readonly environments?: Readonly<Record<string, VercelEnvironment>>;
  readonly health?: VercelHealthOptions;
  /** The secret of Protection Bypass for Automation: without it a protected deployment cannot be asked whether it is well. */
  readonly protectionBypass?: SecretReference;
  /** The production domains that must show a release before it counts as promoted. Default: all of the project that are verified and do not redirect. */
  readonly domains?: readonly string[];
  /** The folder holds the output of `vercel build` in `.vercel/output`, and only that is deployed. Default false. */
  readonly prebuilt?: boolean;
  /** Files that look like secrets and are deployed all the same, by their paths in the folder. Default: none; a deployment with such a file is refused. */
  readonly secretFiles?: readonly string[];
  /** A project whose Git integration assigns production domains by itself is refused. `ignore`: it is known not to, e.g. by `git.deploymentEnabled` in vercel.json. Default `refuse`. */
  readonly gitIntegration?: "refuse" | "ignore";
  /** Most one request to the API may take; creating a deployment may take four times as long, and uploads as long as their size needs. Default `"4s"`. */
  readonly requestTimeout?: Duration;
  /** Most a promote may take before it counts as failed. With more than `"13s"` a rollback within 30 s cannot be promised. Default `"13s"`. */
  readonly promoteTimeout?: Duration;
  /** Makes all requests, to the API and to the sites, e.g. through a proxy. Default: the one of Node.js. */
  readonly fetch?: typeof fetch;
}

const duration = z
  .custom<Duration>((value) => typeof value === "string" && isDuration(value), 'Write a number and one of ms, s, m, h, d, e.g. "30s".')
  .transform((value) => toMilliseconds(value));

const secretReference = z.custom<SecretReference>(
  isSecretReference,
  'Name a secret: `secret("NAME")`; its value does not belong into the configuration.',
);

const host = z.string().regex(/^(\*\.|[a-z0-9*-]+\.)+[a-z0-9-]+$/, 'Write a host name, e.g. "www.shop.example".');

/** A token is only ever sent encrypted, or to this machine. */
function isSafeUrl(text: string): boolean {
  const url = URL.parse(text);
  if (url === null || url.username !== "" || url.search !== "") return false;
  const isLoopback = url.hostname === "localhost" || url.hostname === "[::1]" || url.hostname.startsWith("127.");
  return url.protocol === "https:" || (url.protocol === "http:" && isLoopback);
}

const schema = z.strictObject({
  project: z.string().min(1),
  token: secretReference,
  team: z.string().min(1).optional(),
  apiUrl: z
    .string()
    .refine(isSafeUrl, "Write an address that begins with https://, without credentials or query.")
    .transform((text) => text.replace(/\/+$/, ""))
    .prefault("https://api.vercel.com"),
  environments: z
    .record(
      z.string(),
      z.union([z.enum(["production", "preview"]), z.strictObject({ custom: z.string().min(1).optional(), domain: host.optional() })], {
        error: 'Write "production", "preview" or { custom, domain }.',
      }),
    )
    .default({}),
  health: z
    .strictObject({
      path: z.string().startsWith("/", "Write a path that begins with /.").default("/"),
      timeout: duration.prefault("5s"),
      release: z.enum(["optional", "required"]).default("optional"),
    })
    .prefault({}),
  protectionBypass: secretReference.optional(),
  domains: z.array(host).min(1, "Name the domains, or leave it out: then all of the project count.").optional(),
  prebuilt: z.boolean().default(false),
  secretFiles: z.array(z.string().min(1)).default([]),
  gitIntegration: z.enum(["refuse", "ignore"]).default("refuse"),
  requestTimeout: duration.prefault("4s"),
  promoteTimeout: duration.prefault("13s"),
  fetch: z.custom<typeof fetch>((value) => typeof value === "function", "Pass a function like `fetch`.").optional(),
});

/** The options as they are used; times in milliseconds. */
export type VercelSettings = ResolvedOptions<z.output<typeof schema>>;

/** Checks the options. */
export const vercelOptions: StandardSchema<VercelOptions, z.output<typeof schema>> = {
  "~standard": { version: 1, vendor: "zod", validate: (value) => schema["~standard"].validate(value) },
};
