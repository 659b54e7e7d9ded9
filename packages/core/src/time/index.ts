export { formatMilliseconds, isDuration, toMilliseconds, type Duration } from "./duration.js";
export { systemClock, type Clock } from "./clock.js";
export { nextTurn } from "./next-turn.js";
export { withDeadline } from "./deadline.js";
