import { enableCompileCache, flushCompileCache, registerHooks } from "node:module";
import { join } from "node:path";

// The same sources are started hundreds of times in a run of the tests. What ends by a kill writes nothing any more, so it is written before.
enableCompileCache(join(import.meta.dirname, "../../../../node_modules/.cache/fairlead/compiled"));
setTimeout(flushCompileCache, 1_000).unref();

// In the sources an import says `./x.js` and means `./x.ts`, which Node runs but does not look for.
registerHooks({
  resolve(specifier, context, next) {
    const fromSource = context.parentURL?.endsWith(".ts") === true && specifier.startsWith(".") && specifier.endsWith(".js");
    return next(fromSource ? `${specifier.slice(0, -3)}.ts` : specifier, context);
  },
});
