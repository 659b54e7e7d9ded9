import { expect, test } from "vitest";
import { isImageId, parseImageReference } from "./image-reference.js";

const digest = `sha256:${"a".repeat(64)}`;

test.for([
  ["worker", { registry: "docker.io", repository: "worker", version: "latest", isDigest: false }],
  ["shop/worker:1.4", { registry: "docker.io", repository: "shop/worker", version: "1.4", isDigest: false }],
  ["ghcr.io/shop/worker", { registry: "ghcr.io", repository: "ghcr.io/shop/worker", version: "latest", isDigest: false }],
  ["localhost/worker:1", { registry: "localhost", repository: "localhost/worker", version: "1", isDigest: false }],
  ["10.0.0.5:5000/worker", { registry: "10.0.0.5:5000", repository: "10.0.0.5:5000/worker", version: "latest", isDigest: false }],
  ["10.0.0.5:5000/worker:2", { registry: "10.0.0.5:5000", repository: "10.0.0.5:5000/worker", version: "2", isDigest: false }],
  [`ghcr.io/worker@${digest}`, { registry: "ghcr.io", repository: "ghcr.io/worker", version: digest, isDigest: true }],
  [`ghcr.io/worker:1@${digest}`, { registry: "ghcr.io", repository: "ghcr.io/worker", version: digest, isDigest: true }],
] as const)("%s", ([reference, parsed]) => {
  expect(parseImageReference(reference)).toEqual(parsed);
});

test("an image id is told from names", () => {
  expect(isImageId(digest)).toBe(true);
  expect(isImageId("sha256")).toBe(false);
  expect(isImageId(`worker@${digest}`)).toBe(false);
});
