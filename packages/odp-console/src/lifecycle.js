// The console as an application of a micro frontend: qiankun 2, single-spa.

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

/** What is mounted, by the application's name, or by the element it is in where it has none. */
const mounted = new Map();
// qiankun says where only when it mounts.
const keyOf = (props) => props.name ?? hostOf(props);

// qiankun gives a container, single-spa an element or a way to one.
function hostOf({ container, domElement, domElementGetter }) {
  const given = container ?? domElement ?? domElementGetter?.();
  const host = typeof given === "string" ? document.querySelector(given) : given;
  if (!host) {
    throw new Error("odp-console: there is no container; give container, domElement or domElementGetter");
  }
  return host;
}

/** The options among the props, and the application's own. */
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
