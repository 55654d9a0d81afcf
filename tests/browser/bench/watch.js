// Runs in a page before the page's own scripts, and notes when something is first there:
// `odpBench.seen[name]`, in milliseconds since the navigation began. `odpBench.looks` holds what is
// looked for: functions of a name, which say whether it is there.
window.odpBench = {
  seen: {},
  looks: {},
  // Tasks of the main thread of 50 ms and more: their durations, in milliseconds.
  tasks: [],
  *everywhere(selector, root = document) {
    yield* root.querySelectorAll(selector);
    for (const shadow of this.shadows) yield* shadow.querySelectorAll(selector);
  },
  shadows: [],
  waiting: {},
  look() {
    for (const [name, isThere] of Object.entries(this.looks)) {
      if (name in this.seen || !isThere()) continue;
      this.seen[name] = performance.now();
      this.waiting[name]?.(this.seen[name]);
    }
  },
  /** When it was there first, as soon as it is. */
  when(name) {
    return this.seen[name] ?? new Promise((resolve) => (this.waiting[name] = resolve));
  },
};
{
  const observer = new MutationObserver(() => odpBench.look());
  const everything = { subtree: true, childList: true, attributes: true, characterData: true };
  observer.observe(document, everything);
  const attach = Element.prototype.attachShadow;
  Element.prototype.attachShadow = function (...given) {
    const shadow = attach.apply(this, given);
    odpBench.shadows.push(shadow);
    observer.observe(shadow, everything);
    return shadow;
  };
  new PerformanceObserver((list) => {
    odpBench.tasks.push(...list.getEntries().map(({ duration }) => duration));
  }).observe({ type: "longtask", buffered: true });
}
