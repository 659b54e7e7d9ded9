import type { Http } from "./create-http.js";

/** A middleware of Hono, as far as it is used. */
export type HonoMiddleware = (
  context: { readonly req: { readonly raw: Request } },
  next: () => Promise<void>,
) => Promise<Response | undefined>;

/** For Hono: `app.use(toHono(http))`. What is not answered here goes on to the application's routes. `authenticate` is handed Hono's context. */
export function toHono({ fetchOwn }: Pick<Http, "fetchOwn">): HonoMiddleware {
  return async (context, next) => {
    const response = fetchOwn(context.req.raw, context);
    if (response === undefined) await next();
    return response;
  };
}
