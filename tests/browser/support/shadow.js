// Every element of the page, through open shadow roots, in document order.
function* deep(root = document) {
  for (const element of root.querySelectorAll("*")) {
    yield element;
    if (element.shadowRoot) yield* deep(element.shadowRoot);
  }
}

function isVisible(element) {
  if (!element.checkVisibility({ visibilityProperty: true })) return false;
  for (let node = element; node; node = node.parentNode ?? node.host) {
    if (node.getAttribute?.("aria-hidden") === "true") return false;
  }
  return true;
}

// Whether an element's accessible name may be `name`: every word of it stands where such a name can
// come from. The browser computes the name itself, which is much slower.
function mayBeCalled(element, name) {
  const tree = element.getRootNode();
  const named = (element.getAttribute("aria-labelledby") ?? "").split(/\s+/).filter(Boolean);
  const sources = [element, ...named.map((id) => tree.getElementById(id)), ...(element.labels ?? [])];
  const texts = sources.filter(Boolean).flatMap((source) => [
    source.textContent,
    ...[source, ...source.querySelectorAll("*")].flatMap((inner) =>
      ["aria-label", "title", "alt", "placeholder", "value"].map((it) => inner.getAttribute(it) ?? ""),
    ),
  ]);
  const text = texts.join("\n");
  return name.split(/\s+/).every((word) => text.includes(word));
}

function visibleText(root) {
  const parts = [];
  for (const child of root.childNodes) {
    if (child.nodeType === Node.TEXT_NODE) {
      parts.push(child.data);
    } else if (child.shadowRoot) {
      parts.push(visibleText(child.shadowRoot));
    } else if (child.nodeType === Node.ELEMENT_NODE && child.checkVisibility()) {
      const holdsShadow = [...child.querySelectorAll("*")].some((inner) => inner.shadowRoot);
      parts.push(holdsShadow ? visibleText(child) : child.innerText ?? child.textContent);
    }
  }
  return parts.map((part) => part.trim()).filter(Boolean).join("\n");
}
