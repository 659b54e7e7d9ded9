import { defineConfig } from "tsup";
import { toBuildOptions } from "../../tsup.base.js";

export default defineConfig(toBuildOptions(import.meta.dirname));
