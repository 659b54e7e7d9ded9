export * from "./clock/index.js";
export * from "./fakes/index.js";
export * from "./leaks/index.js";
