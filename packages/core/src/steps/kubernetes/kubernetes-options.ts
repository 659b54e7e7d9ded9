import * as z from "zod";
import type { ResolvedOptions } from "../../contract/plugin.js";
import type { StandardSchema } from "../../contract/standard-schema.js";
import type { Stage, StepApproval } from "../../contract/step.js";
import type { SecretReference } from "../../secret/secret.js";
import type { Duration } from "../../time/duration.js";
import { approval, duration, durationText, inherit, order, stage, variables } from "../program/option-schemas.js";

/** Options of `kubernetes()`. */
export interface KubernetesOptions {
  /** Files of manifests, and folders of them (`.yaml`, `.yml`, `.json`, not what is below), taken from the folder of the deploying process. They hold no Secret. */
  readonly manifests: string | readonly string[];
  /** The context of the kubeconfig. Default: the current one. */
  readonly context?: string;
  /** The namespace of manifests that name none. Default: that of the context. */
  readonly namespace?: string;
  /** The kubeconfig, taken from the folder of the deploying process. Default: where `kubectl` finds it by itself; `KUBECONFIG` has to be inherited for it. */
  readonly kubeconfig?: string;
  /** The program: a name in `PATH`, or a path, taken from the folder of the deploying process. Default `kubectl`. */
  readonly program?: string;
  /** Where they are applied; what would change is found out in `preflight`. Default `provision`. */
  readonly stage?: Stage;
  /** Whether they are applied before everything that Fairlead does itself in `stage`, or after it. Default `first`. */
  readonly order?: "first" | "last";
  /** Whether people have to agree to the changes before they are made; `true`: one, within a day. Their word is good for these changes alone. Without changes nobody is asked. Default false. */
  readonly approval?: boolean | Omit<StepApproval, "to">;
  /** Whether to take over fields that somebody else manages; else such a conflict fails the deployment before anything is done. Default false. */
  readonly forceConflicts?: boolean;
  /** How long Deployments, StatefulSets, DaemonSets and Jobs may take until they are rolled out or complete. Default `"5m"`. */
  readonly rollout?: Duration;
  /** Variables of the program, e.g. of what authenticates it. */
  readonly env?: Readonly<Record<string, string | SecretReference>>;
  /** Variables of the deploying process that the program has too, besides harmless ones such as `PATH` and `HOME`, e.g. `["KUBECONFIG", "AWS_PROFILE"]`. Default: none. */
  readonly inherit?: "all" | readonly string[];
  /** Most finding out, and most applying and rolling out, may take. Default `"10m"`. */
  readonly timeout?: Duration;
  /** How long the program may take to end when it is told to before it is killed. Default `"5s"`. */
  readonly grace?: Duration;
  /** Where objects are kept as they were before, for their owner alone. Default `.fairlead/kubernetes`. */
  readonly workFolder?: string;
}

const place = z.string().regex(/^(?!-)(?!https?:)./);

const schema = z.strictObject({
  manifests: z.union([place.transform((one) => [one]), z.array(place).min(1)], "Write a path, or several: no URL, no flag."),
  context: z.string().min(1).optional(),
  namespace: z.string().min(1).optional(),
  kubeconfig: z.string().min(1).optional(),
  program: z.string().min(1).default("kubectl"),
  stage: stage.default("provision"),
  order: order.default("first"),
  approval: approval.default(false),
  forceConflicts: z.boolean().default(false),
  rollout: duration.prefault("5m"),
  env: variables.default({}),
  inherit: inherit.default([]),
  timeout: durationText.default("10m"),
  grace: duration.prefault("5s"),
  workFolder: z.string().min(1).default(".fairlead/kubernetes"),
});

/** The options as they are used; times in milliseconds, but for the steps' own. */
export type KubernetesSettings = ResolvedOptions<z.output<typeof schema>>;

/** Checks the options. */
export const kubernetesOptions: StandardSchema<KubernetesOptions, z.output<typeof schema>> = {
  "~standard": { version: 1, vendor: "zod", validate: (value) => schema["~standard"].validate(value) },
};
