// The README's page in plain HTML, as Vite builds it.
import path from "node:path";
import { defineConfig } from "vite";

export default defineConfig({
  root: "examples",
  base: "./",
  build: {
    outDir: "../dist/vite",
    emptyOutDir: true,
    rolldownOptions: { input: path.resolve("examples/element.html") },
  },
});
