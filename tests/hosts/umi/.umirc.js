import path from "node:path";

export default {
  title: "A host with umi",
  npmClient: "npm",
  outputPath: "../dist/umi",
  favicons: ["icon.svg"],
  history: { type: "hash" },
  // The README's example lies beside this application.
  extraBabelIncludes: [path.resolve(__dirname, "../examples")],
};
