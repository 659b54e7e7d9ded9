export { createFakeProvider, type FakeEffect, type FakeFault, type FakeProvider } from "./fake-provider.js";
export { createFakeTarget, fakeErrors, type FakeTarget, type FakeTargetOptions } from "./fake-target.js";
