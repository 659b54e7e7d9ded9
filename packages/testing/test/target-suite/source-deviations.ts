import { digestOf, fail } from "@fairlead/core";
import { fakeErrors } from "../../src/fakes/fake-errors.js";
import type { Deviating } from "./deviations.js";

let asked = 0;

export const sourceDeviations: Readonly<Record<string, Deviating>> = {
  "says something else of an image each time": {
    role: "worker",
    deviation: () => ({
      async resolve({ reference }) {
        asked += 1;
        return { digest: digestOf(asked), pinned: reference };
      },
    }),
    fails: [
      "what an image reference means is said the same way each time, also by another process",
      "what is pinned means the same image as the reference that it was made from",
    ],
  },
  "says the tag in place of a digest": {
    role: "worker",
    deviation: () => ({ resolve: async ({ reference }) => ({ digest: reference, pinned: reference }) }),
    fails: ["what an image reference means is said the same way each time, also by another process"],
  },
  "says the same of all images": {
    role: "worker",
    deviation: (good) => ({ resolve: (input, call) => good.resolve({ ...input, reference: "part" }, call) }),
    fails: ["other images have other digests"],
  },
  "pins what means another image": {
    role: "worker",
    deviation: (good) => ({
      async resolve(input, call) {
        const found = await good.resolve(input, call);
        return found && { ...found, pinned: `${input.reference}-latest` };
      },
    }),
    fails: ["what is pinned means the same image as the reference that it was made from"],
  },
  "makes something where it is only asked": {
    role: "worker",
    deviation: (good) => ({
      async resolve(input, call) {
        const artifact = { kind: "image", digest: digestOf(input.reference), reference: input.reference } as const;
        const release = { id: "rel_none", createdAt: "2026-01-01T00:00:00.000Z", provenance: {}, artifacts: {}, migrations: [] };
        const about = { ...input, artifact, key: input.reference, variables: {} };
        const { application, environment } = input;
        await good.prepare(
          { ...about, release: { ...release, application, contentDigest: artifact.digest } },
          { ...call, environment, deploymentId: "dep_none", idempotencyKey: input.reference },
        );
        return good.resolve(input, call);
      },
    }),
    fails: ["asking what an image reference means makes nothing"],
  },
  "refuses what it has pinned": {
    role: "worker",
    deviation: (good) => ({
      async prepare(input, call) {
        if (input.artifact.kind === "image" && input.artifact.pinned !== undefined)
          throw fail(fakeErrors, "FAKE_CANDIDATE_GONE", { candidate: input.key });
        return good.prepare(input, call);
      },
    }),
    fails: ["what was pinned can be prepared, and serves"],
  },
  "takes files that are not in the folder": {
    deviation: () => ({ files: async () => ["no-such-file"] }),
    fails: ["the files of a folder are named from there, and are in it"],
  },
};
