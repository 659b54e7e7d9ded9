import { registerHooks } from "node:module";

// In the sources an import says `./x.js` and means `./x.ts`, which Node runs but does not look for.
registerHooks({
  resolve(specifier, context, next) {
    const fromSource = context.parentURL?.endsWith(".ts") === true && specifier.startsWith(".") && specifier.endsWith(".js");
    return next(fromSource ? `${specifier.slice(0, -3)}.ts` : specifier, context);
  },
});
