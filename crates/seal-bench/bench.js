// Defines `window.bench` with both ways to seal a DELETE, which `tests/browser/bench/sealing.rs`
// calls.

// `cargo xtask bench` bundles it from `tests/hosts/src/sealing.js`.
import { Sealer as Theirs } from "./sealing.js";

const [bindings, module] = ["modulepreload", "preload"].map((rel) => document.querySelector(`link[rel=${rel}]`));
const { default: init, Sealer: Ours } = await import(bindings.href);
await init({ module_or_path: module.href });

const sealers = {};

window.bench = {
  /** Creates one sealer of each kind for an agent's public key. */
  prepare(publicKey, password) {
    sealers.ours = new Ours(publicKey, password);
    sealers.theirs = new Theirs(publicKey, password);
  },
  /** Returns header and body of one DELETE. */
  seal: (side) => sealers[side].seal(Date.now()),
  /** Returns the milliseconds for `count` DELETEs. */
  time(side, count) {
    const sealer = sealers[side];
    const agentTime = Date.now();
    const start = performance.now();
    for (let i = 0; i < count; i += 1) sealer.seal(agentTime);
    return performance.now() - start;
  },
};
