import type { Json } from "../json/json.js";
import type { CallOptions } from "./call.js";

/** Values of feature flags in an environment. */
export interface FlagSource {
  /** All flags at one version. */
  read(
    input: { readonly environment: string },
    call: CallOptions,
  ): Promise<{ readonly version: string; readonly values: Readonly<Record<string, Json>> }>;
}
