import type { NextConfig } from "next";

const config: NextConfig = {
  // One folder that runs without `node_modules` beside it.
  output: "standalone",
  outputFileTracingRoot: new URL("../..", import.meta.url).pathname,
  // Node.js loads them itself, and once: health and stores live as long as the process.
  serverExternalPackages: ["@fairlead/core", "@fairlead/plugin-docker", "@fairlead/plugin-postgres"],
  // `/api/health/live/` is answered as well, not redirected: few probes follow.
  skipTrailingSlashRedirect: true,
  // The whole repository is type-checked together.
  typescript: { ignoreBuildErrors: true, tsconfigPath: "tsconfig.json" },
};

export default config;
