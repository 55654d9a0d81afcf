// The console in an element of the host's: `mount(host, options)`.

import { load as loadModule, stopped, tell, watch } from "./load.js";

export { OdpConsoleElement, define } from "./custom-element.js";

/** Loads the module ahead of the first console. */
export function load(wasmUrl) {
  return loadModule(wasmUrl).then(() => undefined);
}

/**
 * Mounts a console into the open shadow root of `host`. The module is loaded by itself; what is
 * changed or destroyed before it is there takes effect all the same.
 */
export function mount(host, { wasmUrl, ...options } = {}) {
  let handle;
  let gone = false;
  let given = options;
  const unwatch = watch(host);
  const ready = loadModule(wasmUrl).then((module) => {
    if (gone) return;
    if (stopped()) throw stopped();
    handle = module.mount(host, given);
    given = undefined;
  });
  ready.catch((error) => {
    if (!gone) tell(host, "odp-error", { kind: "start", what: String(error?.message ?? error) });
  });
  return {
    ready,
    update({ wasmUrl: _, ...changed }) {
      if (gone) throw new Error("the console was destroyed");
      if (handle) handle.update(changed);
      else given = { ...given, ...changed };
    },
    destroy() {
      if (gone) return;
      gone = true;
      unwatch();
      handle?.destroy();
      handle?.free?.();
      handle = undefined;
    },
  };
}
