// Builds the example as `vite build` does. The packages of this repository stay outside, as they do where they are installed: here they are their sources, which Vite would otherwise bundle.
import { createBuilder } from "vite";

const outside = {
  name: "packages-stay-outside",
  enforce: "pre",
  resolveId: (id) => (id.startsWith("@fairlead/") ? { id, external: true } : undefined),
};
const builder = await createBuilder({ logLevel: "error", plugins: [outside] });
await builder.buildApp();
