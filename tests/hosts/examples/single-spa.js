import { mountRootParcel } from "single-spa";
import * as odpConsole from "odp-console/lifecycle";

/** Mounts the console into an element. `update({ odpConsole })` of the returned parcel changes options. */
export function showConsole(domElement, options, onFinished) {
  return mountRootParcel(odpConsole, {
    domElement,
    odpConsole: options,
    on: { "odp-finished": onFinished },
  });
}
