import { definePlugin, isSecretReference, type SecretReference } from "@fairlead/core";
import * as z from "zod";
import { answersAsItself } from "./answers-as-itself.ts";
import { createEdgeApi } from "./edge-api.ts";
import { edgeRouter } from "./edge-router.ts";
import { edgeTarget } from "./edge-target.ts";

/** An edge: a component runs behind it, and it shares out the component's traffic. */
export const edge = definePlugin({
  id: "edge",
  provides: ["target", "traffic", "checks"],
  options: z.strictObject({
    /** Where it is administered. */
    url: z.url(),
    token: z.custom<SecretReference>(isSecretReference),
    /** Where each image runs: an edge starts nothing, it sends requests to what runs. */
    addresses: z.record(z.string(), z.url()),
  }),
  setup: ({ url, token, addresses }) => {
    const api = createEdgeApi(url, token.reveal());
    return { target: edgeTarget(api, { url, addresses }), traffic: edgeRouter(api), checks: [answersAsItself(api)] };
  },
});
