export {
  defineSuite,
  type Case,
  type CaseTools,
  type Cases,
  type Fixture,
  type Subject,
  type Suite,
  type SuiteReport,
  type TestRunner,
} from "./suite.js";
export { storeSuite, type StoreCase } from "./store-suite.js";
export type { StoreFixture } from "./store/fixture.js";
export { targetSuite, type TargetCase } from "./target-suite.js";
export type { TargetFixture, TargetWitness } from "./target/fixture.js";
export { migratorSuite, type MigratorCase } from "./migrator-suite.js";
export type { MigrationScript, MigratorFixture, MigratorWitness } from "./migrator/fixture.js";
export { notifierSuite, type NotifierCase } from "./notifier-suite.js";
export type { ChannelTrouble, ChannelWitness, NotifierFixture, ShownMessage } from "./notifier/fixture.js";
export { secretsSuite, type SecretsCase } from "./secrets-suite.js";
export type { SecretsFixture } from "./secrets/fixture.js";
export { metricsSuite, type MetricsCase } from "./metrics-suite.js";
export type { MetricsFixture, PlantedMetric } from "./metrics/fixture.js";
export { checksSuite, type ChecksCase } from "./checks-suite.js";
export type { ChecksFixture, CheckSubject } from "./checks/fixture.js";
export { stepsSuite, type StepsCase } from "./steps-suite.js";
export type { StepsFixture, StepTrouble, StepWitness } from "./steps/fixture.js";
export { trafficSuite, type TrafficCase } from "./traffic-suite.js";
export type { HeldRequest, TrafficFixture, TrafficScene } from "./traffic/fixture.js";
export { conformanceErrors } from "./conformance-errors.js";
