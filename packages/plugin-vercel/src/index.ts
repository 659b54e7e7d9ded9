export { vercel } from "./vercel.js";
export type { VercelEnvironment, VercelHealthOptions, VercelOptions } from "./options.js";
export { vercelErrors } from "./vercel-errors.js";
