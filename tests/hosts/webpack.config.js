// A single-spa application, built by webpack 5.
import path from "node:path";

export default {
  mode: "production",
  entry: "./src/single-spa.js",
  output: { path: path.resolve("dist/webpack"), filename: "app.js" },
  // The console's files exceed webpack's recommended size.
  performance: false,
};
