import { expect, test } from "vitest";
import { createFakeDeployment } from "../../test/cli/fake-deployment.js";
import { createTestClock } from "../../test/cli/test-clock.js";
import { summaryOf } from "./summary.js";

test("one under way that was asked to stop is not on its way", async () => {
  const deployment = createFakeDeployment(createTestClock());
  deployment.append("deployment.claimed", {});
  expect(summaryOf(await deployment.state(), "1 s", undefined)).toBe("It is on its way in production.");
  deployment.append("abort.requested", { actor: { name: "bea", via: "cli" }, reason: "the numbers are odd" });
  expect(summaryOf(await deployment.state(), "1 s", undefined)).toBe("bea asked it to stop: the numbers are odd.");
});
