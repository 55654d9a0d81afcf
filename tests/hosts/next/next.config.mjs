// A page that any server of files can serve.
export default {
  output: "export",
  distDir: "../dist/next",
  trailingSlash: true,
  // The folder above has packages of its own.
  outputFileTracingRoot: import.meta.dirname,
};
