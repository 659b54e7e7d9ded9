export * from "./leaks/index.js";
