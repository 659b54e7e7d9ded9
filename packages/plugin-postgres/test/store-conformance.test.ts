import { Secret } from "@fairlead/core";
import { storeSuite } from "@fairlead/testing/conformance";
import { describe, test } from "vitest";
import { postgresStore } from "../src/store/index.js";
import { useServer } from "./support/scene.js";

const { createScene } = useServer();

describe("postgresStore", () => {
  storeSuite(
    { test, describe },
    {
      patience: "60s",
      create: async () => {
        const { url } = await createScene();
        const open = () => postgresStore({ url: new Secret("STORE_URL", url) });
        const store = open();
        return { store, reopen: async () => open(), dispose: () => store.close() };
      },
    },
  );
});
