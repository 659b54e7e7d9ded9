import type { JsonObject } from "../json/json.js";
import type { StepDefinition } from "./step.js";

/**
 * Declares an own step; a plugin that provides `steps` returns it. What it promises has to be there, or it does not compile: `reversibility: "undo"` needs `undo`, and
 * `idempotency: "none"` needs `observe`. Gives back what it was given.
 */
export function defineStep<const Input extends JsonObject = JsonObject>(definition: StepDefinition<Input>): StepDefinition<Input> {
  return definition;
}
