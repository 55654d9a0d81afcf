import { defineConfig } from "vite";

const agent = "10.10.10.1:2886";

export default defineConfig({
  // Vite before version 8 moves packages during development; the module must stay beside its scripts.
  optimizeDeps: { exclude: ["odp-console"] },
  server: {
    proxy: {
      [`/agents/${agent}`]: {
        target: `http://${agent}`,
        rewrite: (path) => path.slice(`/agents/${agent}`.length),
      },
    },
  },
});
