import "odp-console/element";

// Lists, objects and functions are properties, not attributes.
async function start() {
  const { agents } = await (await fetch("config.json")).json();
  document.querySelectorAll("odp-console").forEach((element, n) => {
    element.agents = [agents[n]];
    element.addEventListener("odp-finished", ({ detail }) => {
      console.debug(`${detail.agent.address}: ${detail.ending.kind}`);
    });
    element.addEventListener("odp-error", ({ detail }) => {
      console.debug(detail.what, detail.fix ?? "");
    });
  });
}

start();
