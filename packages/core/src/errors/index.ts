export { connectionProblem } from "./connection-problem.js";
export { defineErrors, error, type ErrorCatalogue, type ErrorDataOf, type ErrorDefinition } from "./definition.js";
export {
  FairleadError,
  fail,
  isFairleadError,
  reviveError,
  serializeError,
  type ErrorRegistry,
  type SerializedError,
} from "./fairlead-error.js";
export { coreErrors } from "./core-errors.js";
