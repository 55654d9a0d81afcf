// Runs axe-core over the page, open shadow roots included, and returns what it finds:
// `problems` as sentences, and the extent of the checks.

// axe reads only linked style sheets, and the console's is constructed: see axe.rs.
const LEFT_OUT = ["css-orientation-lock"];

// A page that shows only an error message instead of the console needs no heading.
if (!document.querySelector("odp-console")) LEFT_OUT.push("page-has-heading-one");

// Rules that current browsers do not need, rules beyond WCAG 2.2 AA, and reminders of a manual
// check: no other rule is excluded.
const BEYOND = ["deprecated", "wcag2aaa", "review-item"];

function colorOf(text) {
  const [r, g, b, a = 1] = text.match(/[\d.]+/g).map(Number);
  return { r, g, b, a };
}

function over(front, back) {
  const mix = (name) => front[name] * front.a + back[name] * (1 - front.a);
  return { r: mix("r"), g: mix("g"), b: mix("b"), a: 1 };
}

// The background of a page without a colour of its own.
function canvas() {
  const probe = document.body.appendChild(document.createElement("i"));
  probe.style.backgroundColor = "Canvas";
  const color = colorOf(getComputedStyle(probe).backgroundColor);
  probe.remove();
  return color;
}

function groundOf(element) {
  const layers = [];
  for (let node = element; node; node = node.parentNode ?? node.host) {
    if (!(node instanceof Element)) continue;
    const style = getComputedStyle(node);
    if (style.backgroundImage !== "none") return null;
    layers.push(colorOf(style.backgroundColor));
    if (layers.at(-1).a === 1) break;
  }
  return layers.reverse().reduce((below, layer) => over(layer, below), canvas());
}

// Whether a text is drawn on the canvas. axe assumes a white canvas, even in a dark theme.
function standsOnCanvas(element) {
  for (let node = element; node; node = node.parentNode ?? node.host) {
    if (node instanceof Element && colorOf(getComputedStyle(node).backgroundColor).a > 0) return false;
  }
  return true;
}

function luminance({ r, g, b }) {
  const part = (of) => ((of /= 255) <= 0.04045 ? of / 12.92 : ((of + 0.055) / 1.055) ** 2.4);
  return 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
}

// The contrast that WCAG 2.2 defines, of an element's text or of a pseudo element's.
function contrast(element, pseudo) {
  const ground = groundOf(element);
  if (!ground) return 0;
  const style = getComputedStyle(element, pseudo);
  const color = colorOf(style.color);
  let opacity = pseudo ? Number(style.opacity) : 1;
  for (let node = element; node; node = node.parentNode ?? node.host) {
    if (node instanceof Element) opacity *= Number(getComputedStyle(node).opacity);
  }
  const seen = over({ ...color, a: color.a * opacity }, ground);
  const [less, more] = [luminance(seen), luminance(ground)].sort((one, other) => one - other);
  return (more + 0.05) / (less + 0.05);
}

function looksAtContrast(element, pseudo) {
  const ratio = contrast(element, pseudo);
  return ratio >= 4.5 ? [] : [`a contrast of ${ratio.toFixed(2)}: ${pseudo ?? ""} ${element.outerHTML.slice(0, 200)}`];
}

async function everythingThatAxeFinds() {
  const rules = axe.getRules().filter(
    ({ ruleId, tags }) => !LEFT_OUT.includes(ruleId) && !tags.some((tag) => BEYOND.includes(tag)),
  );
  // The content of the pages of tests/hosts is not part of the console.
  const { violations, incomplete, passes } = await axe.run({ exclude: [["head"], [".host"], ["main > button"]] }, {
    runOnly: { type: "rule", values: rules.map(({ ruleId }) => ruleId) },
    elementRef: true,
  });
  const told = ({ id, help, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id} (${help}): ${html.slice(0, 200)} ${failureSummary}`);
  const undecided = new Set();
  for (const one of violations.filter(({ id }) => id === "color-contrast")) {
    const decided = ({ element }) => !standsOnCanvas(element) || !undecided.add(element);
    one.nodes = one.nodes.filter(decided);
  }
  const problems = violations.flatMap(told);
  for (const one of incomplete) {
    // If axe cannot determine the background of a text, the contrast is computed below.
    if (one.id === "color-contrast") one.nodes.forEach(({ element }) => undecided.add(element));
    else problems.push(...told(one).map((sentence) => `undecided: ${sentence}`));
  }
  for (const element of undecided) problems.push(...looksAtContrast(element));
  // Placeholders, which axe does not check.
  for (const element of deep()) {
    if (element.placeholder && !element.value && isVisible(element)) {
      problems.push(...looksAtContrast(element, "::placeholder"));
    }
  }
  const decided = passes.find(({ id }) => id === "color-contrast")?.nodes.length ?? 0;
  return { problems, rules: rules.length, contrasts: decided + undecided.size, undecided: undecided.size };
}

return everythingThatAxeFinds();
