// Starts what `next build` has made, on a port that is free, and says which: Next takes `PORT=0` for 3000.
import { Server } from "node:net";

const { listen } = Server.prototype;
Server.prototype.listen = function (...values) {
  if (typeof values[0] !== "number") return listen.apply(this, values);
  this.once("listening", () => console.log(this.address()));
  return listen.apply(this, [0, ...values.slice(1)]);
};

await import("../.next/standalone/examples/next/server.js");
