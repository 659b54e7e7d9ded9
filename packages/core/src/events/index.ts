export { createEventBus, type EventBus } from "./event-bus.js";
