export default {
  title: "A host with umi",
  npmClient: "npm",
  outputPath: "../dist/umi",
  favicons: ["icon.svg"],
  history: { type: "hash" },
};
