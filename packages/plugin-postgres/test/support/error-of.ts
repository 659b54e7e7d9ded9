import { isFairleadError, type FairleadError } from "@fairlead/core";

/** The error of the catalogue that something ends with; anything else fails. */
export async function errorOf(work: Promise<unknown>): Promise<FairleadError> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (isFairleadError(error)) return error;
  throw new Error("it did not end with an error of the catalogue", { cause: error });
}
