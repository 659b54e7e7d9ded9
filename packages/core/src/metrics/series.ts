import type { MetricSeries } from "../contract/metrics.js";
import { coreErrors } from "../errors/core-errors.js";
import { fail } from "../errors/fairlead-error.js";

/** What a function may answer: one number, several with what tells them apart, or nothing where there is no data. */
export type MetricNumbers = number | readonly MetricSeries[] | undefined;

/** The series of an answer. A value that is no number is no data. Throws `METRICS_ANSWER_STRANGE` for anything else than numbers. */
export function seriesOf(numbers: unknown, source: string): readonly MetricSeries[] {
  const strange = (problem: string) => fail(coreErrors, "METRICS_ANSWER_STRANGE", { source, problem });
  if (numbers === undefined) return [];
  if (typeof numbers === "number") return Number.isFinite(numbers) ? [{ labels: {}, value: numbers }] : [];
  if (!Array.isArray(numbers)) throw strange("expected a number, or a list of `{ labels, value }`.");
  return numbers.flatMap((one: unknown) => {
    if (!isSeries(one)) throw strange("expected `{ labels, value }` with labels that are texts and a value that is a number.");
    return Number.isFinite(one.value) ? [{ labels: one.labels, value: one.value }] : [];
  });
}

function isSeries(value: unknown): value is MetricSeries {
  if (typeof value !== "object" || value === null || !("labels" in value) || !("value" in value)) return false;
  const { labels } = value;
  return (
    typeof value.value === "number" &&
    typeof labels === "object" &&
    labels !== null &&
    Object.values(labels).every((label) => typeof label === "string")
  );
}
