import { vi } from "vitest";
import { defineEngineProperties } from "./engine-properties.js";

vi.mock("../../src/engine/process-identity.js", () => import("./determined-process.js"));
vi.mock("../../src/engine/ids.js", () => import("./determined-ids.js"));

defineEngineProperties({ first: 1, last: 50 });
