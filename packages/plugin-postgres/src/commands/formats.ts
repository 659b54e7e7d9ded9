import * as z from "zod";
import type { Inspection } from "../inspect/inspection.js";
import { toAnnotations } from "../inspect/render-annotations.js";
import { toSarif } from "../inspect/render-sarif.js";
import { toText } from "../inspect/render-text.js";

const formats = ["text", "sarif", "github"] as const;

type Format = (typeof formats)[number];

/** How inspections are written: for people, for code scanning, or beside the changed lines of a pull request. */
export const formatFlag = {
  brief: "For people, for code scanning, or as annotations of GitHub Actions",
  value: "text|sarif|github",
  schema: z.enum(formats, `There are: ${formats.join(", ")}.`),
} as const;

export function renderInspections(inspections: readonly Inspection[], format: Format): readonly string[] {
  if (format === "sarif") return [JSON.stringify(toSarif(inspections), null, 2)];
  const text = format === "github" ? toAnnotations(inspections) : toText(inspections);
  return text === "" ? [] : text.split("\n");
}
