// The README's page in plain HTML, built by Vite with the README's configuration.
import path from "node:path";
import { defineConfig, mergeConfig } from "vite";

import example from "./examples/vite.config.js";

const page = defineConfig({
  root: "examples",
  base: "./",
  build: {
    // Browsers that know constructed style sheets, which the console needs, know this as well.
    target: "es2022",
    outDir: "../dist/vite",
    emptyOutDir: true,
    rollupOptions: { input: path.resolve("examples/element.html") },
  },
});

export default mergeConfig(example, page);
