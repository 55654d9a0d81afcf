// Checks the contrast of every control in every state, by WCAG 2.2 (1.4.3, 1.4.11).
//
// A copy of the console's style sheet, in which a class stands for each pseudo-class, forces the
// states, so that the rules and their precedence are the console's own.
const STATES = { hover: "is-hover", focus: "is-focus", "focus-visible": "is-focus", active: "is-active" };

function force(root) {
  if (root.forced) return;
  root.forced = true;
  const rules = root.adoptedStyleSheets.flatMap((sheet) => [...sheet.cssRules]);
  const inline = [...root.querySelectorAll("style, link[rel=stylesheet]")];
  const text = rules.concat(inline.flatMap((own) => [...own.sheet.cssRules])).map((rule) => rule.cssText);
  const copy = new CSSStyleSheet();
  copy.replaceSync(text.join("\n").replace(/:(hover|focus-visible|focus|active)\b/g, (_, state) => "." + STATES[state]));
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, copy];
}

function parse(colour) {
  const context = (parse.context ??= document.createElement("canvas").getContext("2d", { willReadFrequently: true }));
  context.clearRect(0, 0, 1, 1);
  context.fillStyle = colour;
  context.fillRect(0, 0, 1, 1);
  const [red, green, blue, alpha] = context.getImageData(0, 0, 1, 1).data;
  return { rgb: [red, green, blue], alpha: alpha / 255 };
}

function over({ rgb, alpha }, ground) {
  return rgb.map((value, index) => value * alpha + ground[index] * (1 - alpha));
}

// Returns the background of an element, composed of its own and those of its ancestors.
function ground(element) {
  const layers = [];
  for (let node = element; node; node = node.parentElement ?? node.getRootNode().host) {
    const layer = parse(getComputedStyle(node).backgroundColor);
    if (layer.alpha > 0) layers.push(layer);
    if (layer.alpha === 1) break;
  }
  return layers.reduceRight((below, layer) => over(layer, below), [255, 255, 255]);
}

function luminance(rgb) {
  const [red, green, blue] = rgb.map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one, other) {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

// Returns the insufficient contrasts of a control in its current state.
function faults(control, state) {
  const style = getComputedStyle(control);
  const own = ground(control);
  const around = ground(control.parentElement);
  const disabled = state.includes("disabled");
  const found = [];
  const demand = (what, colour, behind, least) => {
    const ratio = contrast(over(parse(colour), behind), behind);
    if (ratio < least - 0.005) found.push(`${what} ${ratio.toFixed(2)} < ${least}`);
  };
  const field = control.matches("input, select");
  const words = field || control.textContent.trim() !== "";
  if (!control.matches("[type=radio], [type=checkbox]")) {
    demand(words ? "text" : "sign", style.color, own, disabled || !words ? 3 : 4.5);
  }
  // A field is identified by its border, a button by its text.
  if (field && !disabled && parseFloat(style.borderTopWidth) > 0) {
    demand("border", style.borderTopColor, around, 3);
  }
  if (state.includes("focus")) {
    const ring = parseFloat(style.outlineWidth);
    if (style.outlineStyle === "none" || !(ring >= 2)) found.push("no ring");
    else demand("ring", style.outlineColor, around, 3);
  }
  return found;
}

function describe(control) {
  const name = control.getAttribute("aria-label") ?? control.textContent.trim().slice(0, 30) ?? "";
  return `${control.localName}.${control.className || "-"} ${JSON.stringify(name || control.id)}`;
}

const all = [];
for (const control of deep()) {
  if (!control.matches("button, input, select, summary, a[href]") || !isVisible(control)) continue;
  const root = control.getRootNode();
  if (!(root instanceof ShadowRoot)) continue;
  force(root);
  const name = describe(control);
  const was = control.disabled;
  const denied = control.getAttribute("aria-disabled");
  const states = [[], ["hover"], ["focus"], ["active"], ["hover", "active"], ["hover", "focus"]];
  const able = "disabled" in control ? [false, "disabled", "aria-disabled"] : [false];
  for (const off of able) {
    for (const state of states) {
      if (off === "disabled" && state.includes("focus")) continue;
      if ("disabled" in control) control.disabled = off === "disabled";
      if (off === "aria-disabled") control.setAttribute("aria-disabled", "true");
      else control.removeAttribute("aria-disabled");
      for (const one of state) control.classList.add(STATES[one]);
      const how = (off ? [off] : []).concat(state).join("+") || "rest";
      for (const fault of faults(control, how)) all.push(`${name} ${how}: ${fault}`);
      for (const one of state) control.classList.remove(STATES[one]);
    }
  }
  if ("disabled" in control) control.disabled = was;
  if (denied === null) control.removeAttribute("aria-disabled");
  else control.setAttribute("aria-disabled", denied);
}
return [...new Set(all)];
