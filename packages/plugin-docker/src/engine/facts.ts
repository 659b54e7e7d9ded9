/** What an engine says about itself. */
export interface EngineFacts {
  readonly version: string;
  readonly apiVersion: string;
  readonly platform: string;
}

/** What an engine says about an image. */
export interface ImageFacts {
  /** `sha256:<hex>`: of its content, so that equal ids are equal images. */
  readonly id: string;
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
  /** How the engine is to ask containers of it whether they are well. */
  readonly healthcheck?: { readonly interval: number };
}

export type ContainerStatus = "created" | "running" | "paused" | "restarting" | "removing" | "exited" | "dead";

/** What an engine says about a container. Times are epoch milliseconds by the engine's clock. */
export interface ContainerFacts {
  readonly id: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly imageId: string;
  readonly createdAt: number;
  readonly status: ContainerStatus;
  /** The last time it was started or started again, as noted when the start was over: its program may have run a little before. `undefined` if never. */
  readonly startedAt?: number;
  /** When the run before the current one ended, or the last one; `undefined` if none has. */
  readonly finishedAt?: number;
  readonly exitCode: number;
  readonly outOfMemory: boolean;
  /** Why the engine could not start it; empty otherwise. */
  readonly engineError: string;
  /** How often the engine has started it again since somebody started it. */
  readonly restarts: number;
  readonly restartPolicy: string;
  readonly health?: { readonly status: "starting" | "healthy" | "unhealthy"; readonly outputs: readonly string[] };
}

/** Whether a container has processes, or will have again without anybody's doing. */
export function isAlive({ status }: ContainerFacts): boolean {
  return status === "running" || status === "paused" || status === "restarting";
}

/** Whether a container is there to be started, or runs: not one that is being removed. */
export function isUsable({ status }: ContainerFacts): boolean {
  return status !== "removing" && status !== "dead";
}
