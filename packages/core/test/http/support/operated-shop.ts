import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import * as z from "zod";
import { bearerTokens, createHttp } from "../../../src/http.js";
import { createDeployer, definePlugin, image, type Deployer, type Store } from "../../../src/index.js";
import { memoryStore } from "../../../src/store/memory-store.js";
import { targetInMemory } from "../../deployer/scene.js";

export const token = "ada-0123456789-0123456789";

/** A shop that is operated by its page: a process that watches and answers, and a worker that carries out. What is prepared at `slow` waits until it is let go on. */
export async function operatedShop(): Promise<{
  readonly url: string;
  readonly watching: Deployer;
  readonly worker: Deployer;
  /** What was done to the target. */
  readonly effects: readonly string[];
  /** Asks for a deployment, and answers its id. */
  trigger(environment: string, given: { readonly image: string; readonly commit: string; readonly reason?: string }): Promise<string>;
  letGoOn(): void;
  close(): Promise<void>;
}> {
  const store: Store = { ...memoryStore(), shared: true, close: () => Promise.resolve() };
  const effects: string[] = [];
  const target = targetInMemory(effects);
  let letGoOn: () => void = () => undefined;
  const free = new Promise<void>((resolve) => (letGoOn = resolve));
  const plugin = definePlugin({
    id: "cloud",
    provides: ["target"],
    options: z.strictObject({}),
    setup: () => ({
      target: {
        ...target,
        prepare: async (input, call) => {
          call.log.info(`pulled ${input.artifact.kind === "image" ? input.artifact.reference : "files"}`);
          if (input.environment === "staging") call.log.warn("the registry was slow");
          if (input.artifact.kind === "image" && input.artifact.reference.endsWith(":slow")) await free;
          if (input.artifact.kind === "image" && input.artifact.reference.endsWith(":broken")) throw new Error("it cannot be started");
          return target.prepare(input, call);
        },
      },
    }),
  });
  const environment = { target: "cloud", source: image("shop:1"), timeouts: { settle: "0s" } } as const;
  const join = (name: string): Deployer =>
    createDeployer({
      application: "shop",
      name,
      store,
      plugins: [plugin({})],
      environments: {
        production: { ...environment, approvals: { required: 1 } },
        staging: environment,
      },
    });
  const [watching, worker] = [join("web-1"), join("worker-1")];
  const http = createHttp({ deployer: watching, authenticate: bearerTokens([{ id: "ada", name: "Ada Lovelace", token }]) });
  const server = createServer(http.node);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    watching,
    worker,
    effects,
    async trigger(name, { image: reference, commit, reason }) {
      const why = reason === undefined ? {} : { reason };
      const actor = { name: "grace", via: "api" } as const;
      const { id } = await watching.request({
        kind: "deploy",
        environment: name,
        source: image(reference),
        commit,
        branch: "main",
        actor,
        ...why,
      });
      return id;
    },
    letGoOn: () => letGoOn(),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await worker.close();
      await watching.close();
    },
  };
}
