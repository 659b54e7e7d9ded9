import type { Attention } from "../../machine/index.js";
import type { Output } from "../output.js";
import { plainText, wrap } from "./text.js";

/** Which step of which provider did not work, and what can be done about it. */
export function attentionLines(attention: Attention | null, { style, width }: Output): readonly string[] {
  return (attention?.errors ?? []).flatMap(({ step, provider, error }) => [
    ...wrap(plainText(`${step}${provider === null ? "" : ` (${provider})`}: ${error.message}`), width(), "  "),
    ...wrap(plainText(error.hint), width(), "    ").map((line) => style.faint(line)),
  ]);
}
