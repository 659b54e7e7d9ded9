import type { MetricQuestion } from "../contract/metrics.js";
import { toMilliseconds } from "../time/duration.js";

/** A text in which `$release`, `$window` and `$at` are filled in, each written so that it stays one value. The window is in whole seconds (`90s`) where it is, else in milliseconds (`1500ms`); the moment in seconds. */
export function fillIn(text: string, { release, window, at }: MetricQuestion, write: (value: string) => string): string {
  const milliseconds = toMilliseconds(window);
  const values: Readonly<Record<string, string>> = {
    $release: release,
    $window: milliseconds % 1_000 === 0 ? `${String(milliseconds / 1_000)}s` : `${String(milliseconds)}ms`,
    $at: String(at / 1_000),
  };
  return text.replaceAll(/\$(?:release|window|at)\b/g, (name) => write(values[name] ?? name));
}

/** Whether what is asked is about a length of time. */
export function asksAboutWindow(text: string): boolean {
  return /\$window\b/.test(text);
}
