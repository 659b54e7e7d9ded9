export type { HttpReply, HttpRequest, Respond } from "./exchange.js";
export { toFetchHandler, type FetchHandler } from "./fetch-handler.js";
export type { HealthAnswer, ProbeAnswer, ServiceAnswer } from "./health-answers.js";
export { toRespond, type HealthHandlerOptions } from "./health-respond.js";
export { toNodeHandler, type NodeHandler, type NodeRequest, type NodeResponse } from "./node-handler.js";
