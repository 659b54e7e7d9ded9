import { createDeployer, memoryStore, secret } from "@fairlead/core";
import { expect, test } from "vitest";
import { vercel } from "./vercel.js";

const token = secret("VERCEL_TOKEN");

test("a second component in the project of the first is refused, a project of its own is not", async () => {
  const deployer = createDeployer({
    application: "shop",
    store: memoryStore(),
    plugins: [
      vercel({ project: "shop", token }),
      vercel({ name: "vercel-again", project: "shop", token }),
      vercel({ name: "vercel-admin", project: "admin", token }),
      vercel({ name: "vercel-acme", project: "shop", team: "acme", token }),
    ],
    environments: {
      development: { components: { web: { target: "vercel" }, admin: { target: "vercel" } } },
      preview: { components: { web: { target: "vercel" }, admin: { target: "vercel-again" } } },
      test: {
        kind: "development",
        components: { web: { target: "vercel" }, admin: { target: "vercel-admin" }, acme: { target: "vercel-acme" } },
      },
    },
  });
  const problem = "puts admin where it puts web: into Vercel project shop. Each would replace the other.";
  const remedy = 'Give admin a place of its own: add vercel({ name: "vercel-admin", … }) with another place, and name it here.';
  expect(await deployer.validate()).toEqual([
    { place: "environments.development.components.admin.target", problem: `names "vercel", which ${problem}`, remedy },
    { place: "environments.preview.components.admin.target", problem: `names "vercel-again", which ${problem}`, remedy },
  ]);
});
