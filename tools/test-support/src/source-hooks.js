import { registerHooks } from "node:module";

// In the sources an import says `./x.js` and means `./x.ts`, which Node.js runs but does not look for.
registerHooks({
  resolve(specifier, context, next) {
    const isSource = context.parentURL?.endsWith(".ts") === true && specifier.startsWith(".") && specifier.endsWith(".js");
    return next(isSource ? `${specifier.slice(0, -3)}.ts` : specifier, context);
  },
});
