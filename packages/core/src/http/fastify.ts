import type { Http } from "./create-http.js";
import type { NodeRequest } from "./node-handler.js";
import type { NodeResponse } from "./node-send.js";

interface FastifyRequest {
  readonly raw: NodeRequest;
}

interface FastifyReply {
  readonly raw: NodeResponse;
  hijack(): unknown;
}

/** An instance of Fastify, as far as it is used. */
export interface FastifyLike {
  /** What it was registered under. */
  readonly prefix: string;
  removeAllContentTypeParsers(): unknown;
  addContentTypeParser(type: "*", parser: (request: unknown, payload: unknown, done: (error: null) => void) => void): unknown;
  all(path: string, handler: (request: FastifyRequest, reply: FastifyReply) => void): unknown;
}

/** A plugin of Fastify. */
export type FastifyPlugin = (fastify: FastifyLike, options: unknown, done: () => void) => void;

/**
 * For Fastify: `fastify.register(toFastify(http))`, with or without a `prefix`. Hooks of the host run before; what is sent is sent past its serializers. Bodies are read here: the host's own parsers stay as
 * they are for its own routes.
 */
export function toFastify({ node, paths }: Pick<Http, "node" | "paths">): FastifyPlugin {
  return (fastify, _options, done) => {
    fastify.removeAllContentTypeParsers();
    fastify.addContentTypeParser("*", (_request, _payload, parsed) => {
      parsed(null);
    });
    const { prefix } = fastify;
    const answer = ({ raw }: FastifyRequest, reply: FastifyReply): void => {
      reply.hijack();
      node(mountedAt(prefix, raw), reply.raw);
    };
    for (const path of paths) {
      const own = path.replace(/\{(\w+)\}/g, ":$1");
      fastify.all(own, answer);
      if (own !== "/") fastify.all(`${own}/`, answer);
    }
    done();
  };
}

/** As Express hands a request over that it has taken a mount point off. */
function mountedAt(prefix: string, raw: NodeRequest): NodeRequest {
  const { url = "/" } = raw;
  if (prefix === "" || !url.startsWith(prefix)) return raw;
  return Object.create(raw, { url: { value: url.slice(prefix.length) }, originalUrl: { value: url } }) as NodeRequest;
}
