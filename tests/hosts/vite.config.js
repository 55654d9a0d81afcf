// The README's plain HTML page, built by Vite with the README's configuration.
import path from "node:path";
import { defineConfig, mergeConfig } from "vite";

import example from "./examples/vite.config.js";

const page = defineConfig({
  root: "examples",
  base: "./",
  build: {
    // Every browser with constructed style sheets, which the console needs, supports this.
    target: "es2022",
    outDir: "../dist/vite",
    emptyOutDir: true,
    rollupOptions: { input: path.resolve("examples/element.html") },
  },
});

export default mergeConfig(example, page);
