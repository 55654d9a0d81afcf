// The console as a micro frontend for qiankun 2 and single-spa.

import { mount as mountConsole } from "./index.js";

const events = [
  "odp-auth-required",
  "odp-submitted",
  "odp-progress",
  "odp-finished",
  "odp-run-progress",
  "odp-run-finished",
  "odp-error",
  "odp-place",
];

/** The mounted consoles, by the application's name, or by its element if it has no name. */
const mounted = new Map();
// qiankun passes the container only to `mount`.
const keyOf = (props) => props.name ?? hostOf(props);

// qiankun passes a container, single-spa an element or a function that returns one.
function hostOf({ container, domElement, domElementGetter }) {
  const given = container ?? domElement ?? domElementGetter?.();
  const host = typeof given === "string" ? document.querySelector(given) : given;
  if (!host) {
    throw new Error("odp-console: there is no container; give container, domElement or domElementGetter");
  }
  return host;
}

/** The console's options among the props. */
const optionsOf = (props) => props.odpConsole ?? {};

export async function bootstrap() {}

export async function mount(props) {
  const host = hostOf(props);
  const element = host.ownerDocument.createElement("div");
  host.append(element);
  const { on = {} } = props;
  for (const name of events) if (on[name]) element.addEventListener(name, on[name]);
  const handle = mountConsole(element, optionsOf(props));
  mounted.set(keyOf(props), { element, handle });
  await handle.ready;
}

export async function update(props) {
  mounted.get(keyOf(props))?.handle.update(optionsOf(props));
}

export async function unmount(props) {
  const key = keyOf(props);
  const here = mounted.get(key);
  mounted.delete(key);
  here?.handle.destroy();
  here?.element.remove();
}
