import { loadMicroApp } from "qiankun";

/** Puts the console into an element; `update({ odpConsole })` of what it gives changes options. */
export function showConsole(container, options, onFinished) {
  return loadMicroApp({
    name: "odp-console",
    // The files of the package's dist/, served at this path.
    entry: "/odp-console/qiankun.html",
    container,
    props: { odpConsole: options, on: { "odp-finished": onFinished } },
  });
}
