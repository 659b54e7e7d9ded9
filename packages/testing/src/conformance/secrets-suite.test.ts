import { environmentSecrets } from "@fairlead/core";
import { describe, expect, test } from "vitest";
import { failuresOf } from "../../test/failures-of.js";
import { deviations } from "../../test/secrets-suite/deviations.js";
import { createFixture, without } from "../../test/secrets-suite/fake-subject.js";
import { secretsSuite } from "./secrets-suite.js";

describe("a good fake", () => {
  secretsSuite({ test, describe }, { create: () => createFixture() });
});

describe("the secrets of a process's environment", () => {
  secretsSuite(
    { test, describe },
    {
      create() {
        const variables: Record<string, string> = {};
        const again = () => environmentSecrets(variables);
        return {
          source: again(),
          again,
          environment: "production",
          put: (secrets) => Object.assign(variables, secrets),
          dispose: () => undefined,
        };
      },
    },
  );
});

test("nothing is asked about what cannot happen to a source", async () => {
  expect(await failuresOf(secretsSuite, () => without(createFixture()))).toEqual([]);
});

describe("a source that differs from the contract fails what asks for it, and nothing else", () => {
  test.for(Object.entries(deviations))("%s", async ([, { deviation, fails }]) => {
    expect(await failuresOf(secretsSuite, () => createFixture(deviation))).toEqual([...fails].sort());
  });

  test("every case is failed by one of them", () => {
    const caught = new Set(Object.values(deviations).flatMap(({ fails }) => fails));
    const { registered } = secretsSuite({ test: () => undefined }, { create: () => createFixture() });
    expect(registered.filter((name) => !caught.has(name))).toEqual([]);
  });
});
