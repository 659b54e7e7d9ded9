export { DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT } from "../../../lib/routes.ts";
