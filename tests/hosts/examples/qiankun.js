import { loadMicroApp } from "qiankun";

/** Mounts the console into an element. `update({ odpConsole })` of the returned application changes options. */
export function showConsole(container, options, onFinished) {
  return loadMicroApp({
    name: "odp-console",
    // The package's folders src/ and dist/, served under this path.
    entry: "/odp-console/src/qiankun.html",
    container,
    props: { odpConsole: options, on: { "odp-finished": onFinished } },
  });
}
