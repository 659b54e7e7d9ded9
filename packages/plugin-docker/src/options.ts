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

/** How one component runs. */
export interface DockerWorkerOptions {
  /** What runs in place of the image's own command. */
  readonly command?: readonly string[];
  /** Environment variables besides those of the deployment. A `secret("NAME")` is masked in everything that Fairlead says; whoever may use the engine sees it (`docker inspect`). */
  readonly env?: Readonly<Record<string, string | SecretReference>>;
  /** A network of the engine to join. Default: the engine's own. */
  readonly network?: string;
  /** Most memory it may use, e.g. `"512m"`; beyond it the engine kills it. Default: no limit. */
  readonly memory?: string;
  /** The image is pulled before every deployment (`try`); where the registry does not answer, the one that is here is used and the log says so. `always` deploys nothing then, `never` asks no registry. Default `try`. */
  readonly pull?: "try" | "always" | "never";
  /** What tells it to finish. Default: what the image says, else `SIGTERM`. */
  readonly stopSignal?: string;
  /** How long it may take to finish before it is killed: longer than its longest job. Whole seconds. Default `"10s"`. */
  readonly stopTimeout?: Duration;
  /** How long it may take from its start until it is healthy for the first time, where the image has a HEALTHCHECK or `heartbeat` is set. Default `"10s"`. */
  readonly startTimeout?: Duration;
  /** How long it must run, and be healthy, before the one that ran before is stopped. Default `"10s"`. */
  readonly minHealthyTime?: Duration;
  /** A file that it writes again and again as long as it is well; not on a tmpfs. Healthy means: written since its start and not longer ago than `maxAge`. */
  readonly heartbeat?: { readonly file: string; readonly maxAge: Duration };
  /** Whether the new one starts before the old one is stopped, or after: for what must never run twice at once. Default `start-first`. */
  readonly overlap?: "start-first" | "stop-first";
}

/** Options of `docker()`. */
export interface DockerOptions {
  /** Where the engine listens. Default `/var/run/docker.sock`. */
  readonly socketPath?: string;
  /** How each component runs. When given, it names all components of this engine: another one is refused. */
  readonly components?: Readonly<Record<string, DockerWorkerOptions>>;
  /** Who to be at private registries, by host: `{ "ghcr.io": { username, password: secret("GHCR_TOKEN") } }`; Docker Hub is `docker.io`. */
  readonly registries?: Readonly<Record<string, { readonly username: string; readonly password: SecretReference }>>;
}

const duration = z
  .custom<Duration>((value) => typeof value === "string" && isDuration(value), 'Write a number and one of ms, s, m, h, d, e.g. "30s".')
  .transform((value) => toMilliseconds(value));

const bytes = { k: 1024, m: 1024 ** 2, g: 1024 ** 3 } as const;
const memory = z
  .string()
  .regex(/^\d+[kmg]$/, 'Write whole kilobytes, megabytes or gigabytes, e.g. "512m" or "2g".')
  .transform((text) => Number(text.slice(0, -1)) * bytes[text.slice(-1) as keyof typeof bytes]);

const environment = z.record(
  z.string().regex(/^(?!FAIRLEAD_)[A-Za-z_][A-Za-z0-9_]*$/),
  z.union([z.string(), z.custom<SecretReference>(isSecretReference)], 'Write text, or name a secret: `secret("NAME")`.'),
  {
    error: ({ code }) =>
      code === "invalid_key" ? "Name it with letters, digits and _; names that begin with FAIRLEAD_ are set by Fairlead." : undefined,
  },
);

const worker = z.strictObject({
  command: z.array(z.string()).min(1, "Write the program and its arguments, or leave it out.").optional(),
  env: environment.default({}),
  network: z.string().min(1).optional(),
  memory: memory.optional(),
  pull: z.enum(["try", "always", "never"]).default("try"),
  stopSignal: z
    .string()
    .regex(/^SIG[A-Z0-9+-]+$/, 'Write the name of a signal, e.g. "SIGTERM".')
    .optional(),
  stopTimeout: duration.transform((milliseconds) => Math.max(1, Math.ceil(milliseconds / 1_000)) * 1_000).prefault("10s"),
  startTimeout: duration.prefault("10s"),
  minHealthyTime: duration.prefault("10s"),
  heartbeat: z.strictObject({ file: z.string().startsWith("/", "Write an absolute path."), maxAge: duration }).optional(),
  overlap: z.enum(["start-first", "stop-first"]).default("start-first"),
});

const schema = z.strictObject({
  socketPath: z.string().startsWith("/", "Write the absolute path of a socket.").default("/var/run/docker.sock"),
  components: z.record(z.string(), worker).optional(),
  registries: z
    .record(
      z.string(),
      z.strictObject({
        username: z.string().min(1),
        password: z.custom<SecretReference>(
          isSecretReference,
          'Name a secret: `secret("NAME")`; its value does not belong into the configuration.',
        ),
      }),
    )
    .default({}),
});

/** How one component runs, checked and complete; times in milliseconds. */
export type WorkerSettings = ResolvedOptions<z.output<typeof worker>>;

/** The options as they are used. */
export type DockerSettings = ResolvedOptions<z.output<typeof schema>>;

/** Checks the options. */
export const dockerOptions: StandardSchema<DockerOptions, z.output<typeof schema>> = {
  "~standard": { version: 1, vendor: "zod", validate: (value) => schema["~standard"].validate(value) },
};

/** How a component runs that has no options of its own. */
export const usualSettings: WorkerSettings = { ...worker.parse({}), env: {} };
