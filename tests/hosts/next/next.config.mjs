// A static page.
export default {
  output: "export",
  distDir: "../dist/next",
  trailingSlash: true,
  // The parent folder has its own packages.
  outputFileTracingRoot: import.meta.dirname,
};
