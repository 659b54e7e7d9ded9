import type { JsonObject } from "../json/json.js";

/** What one error code means. `message` says what happened with the values in it, `hint` says what to do now. */
export interface ErrorDefinition<Data extends JsonObject> {
  /** HTTP status of the problem document made from it. */
  readonly status: number;
  /** Whether the same call may succeed if it is made again unchanged. */
  readonly retryable: boolean;
  readonly message: (data: Data) => string;
  readonly hint: (data: Data) => string;
}

/** Codes that belong to one area, e.g. `{ VERCEL_TOKEN_REJECTED: error<{ project: string }>({ … }) }`. */
export type ErrorCatalogue = Readonly<Record<string, ErrorDefinition<never>>>;

/** The data that goes with a code of a catalogue. */
export type ErrorDataOf<Catalogue extends ErrorCatalogue, Code extends keyof Catalogue> =
  Catalogue[Code] extends ErrorDefinition<infer Data> ? Data : never;

type Upper =
  | "A"
  | "B"
  | "C"
  | "D"
  | "E"
  | "F"
  | "G"
  | "H"
  | "I"
  | "J"
  | "K"
  | "L"
  | "M"
  | "N"
  | "O"
  | "P"
  | "Q"
  | "R"
  | "S"
  | "T"
  | "U"
  | "V"
  | "W"
  | "X"
  | "Y"
  | "Z";

/** A sentence that the compiler shows for a code that does not look like `AREA_WHAT`. */
type CodeProblem<Code extends string> = `"${Code}" is not a code: write AREA_WHAT in capitals, e.g. STORE_NOT_SHARED`;

type CheckedCodes<Catalogue> = {
  [Code in keyof Catalogue]: Code extends `${Upper}${string}_${string}`
    ? Code extends Uppercase<Code>
      ? Catalogue[Code]
      : CodeProblem<Code>
    : Code extends string
      ? CodeProblem<Code>
      : never;
};

/** Describes one error; the type argument is the JSON data that it carries. */
export function error<Data extends JsonObject = JsonObject>(definition: ErrorDefinition<Data>): ErrorDefinition<Data> {
  return Object.freeze({ ...definition });
}

/** Declares the codes of an area. A code that is not `AREA_WHAT` does not compile. */
export function defineErrors<const Catalogue extends ErrorCatalogue>(catalogue: Catalogue & CheckedCodes<Catalogue>): Catalogue {
  return Object.freeze(catalogue);
}
