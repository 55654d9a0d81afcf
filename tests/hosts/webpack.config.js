// An application of single-spa, as webpack 5 builds it.
import path from "node:path";

export default {
  mode: "production",
  entry: "./src/single-spa.js",
  output: { path: path.resolve("dist/webpack"), filename: "app.js" },
  // What the console is made of is larger than what webpack takes for one file's due.
  performance: false,
};
