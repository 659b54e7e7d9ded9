export { fakeErrors } from "./fake-errors.js";
export { createFakeProvider, type FakeEffect, type FakeFault, type FakeProvider, type FakeRequest } from "./fake-provider.js";
export { createFakeTarget, type FakeTarget, type FakeTargetOptions } from "./fake-target.js";
export { createFakeTraffic, type FakeTraffic, type FakeTrafficOptions } from "./fake-traffic.js";
export { createFakeDatabase, type FakeDatabase, type FakeMigration, type FakeMigrationEffect } from "./fake-database.js";
export { createFakeMigrator, fakeMigratorErrors, type FakeMigrator, type FakeMigratorOptions } from "./fake-migrator.js";
export { createFakeChannel, fakeChannelErrors, type FakeChannel, type FakeChannelFault, type FakeMessage } from "./fake-channel.js";
export { createFakeNotifier, type FakeNotifier, type FakeNotifierOptions } from "./fake-notifier.js";
