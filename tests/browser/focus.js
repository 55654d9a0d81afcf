// Returns a fault of the keyboard focus, or nothing.

let focused = document.activeElement;
while (focused?.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement;
if (!focused || focused === document.body || focused === document.documentElement || focused.shadowRoot) {
  return `the focus is lost: on ${focused?.localName}`;
}
const outlined = [...deep()].filter((element) => {
  const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(element);
  return outlineStyle !== "none" && parseFloat(outlineWidth) >= 2 && !outlineColor.endsWith(", 0)");
});
const names = outlined.map((element) => element.outerHTML.slice(0, 100)).join("; ");
// A heading or a confirmation that the console focused is not a control and has no ring.
const isControl = !focused.matches('[tabindex="-1"]');
if (!isControl && outlined.length > 0) {
  return `a ring around what is no control: ${names}`;
}
// The focused element looks different from all others, and so from itself without the focus.
if (isControl && (outlined.length !== 1 || outlined[0] !== focused)) {
  return `the focus is on ${focused.outerHTML.slice(0, 100)}, and looks as if it were on ${names || "nothing"}`;
}
const box = focused.getBoundingClientRect();
if (box.bottom <= 0 || box.top >= innerHeight || box.right <= 0 || box.left >= innerWidth) {
  return `the focus is out of sight: on ${focused.outerHTML.slice(0, 100)}`;
}
return null;
