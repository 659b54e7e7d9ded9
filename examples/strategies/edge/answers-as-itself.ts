import type { CandidateCheck } from "@fairlead/core";
import type { EdgeApi } from "./edge-api.ts";

/** Whether a release answers, and is the one that was asked for: where it alone answers, and from the promote on where users ask. */
export function answersAsItself(api: EdgeApi): CandidateCheck {
  return {
    scope: "candidate",
    name: "answers-as-itself",
    async run({ candidate, live, release, ...component }, call) {
      const address = live ? (await api.read(component, call)).url : candidate.url;
      const artifact = release.artifacts[component.component];
      const response = await fetch(new URL("/health", address), { signal: call.signal });
      const image = await response.text();
      if (!response.ok)
        return { status: "down", reason: `http_${String(response.status)}`, message: `it answers ${String(response.status)}` };
      if (artifact?.kind === "image" && image !== artifact.reference)
        return { status: "down", reason: "another_release", message: `${image} answers` };
      return { status: "up" };
    },
  };
}
