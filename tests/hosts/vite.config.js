// The README's page in plain HTML, as Vite builds it.
import path from "node:path";
import { defineConfig } from "vite";

export default defineConfig({
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
