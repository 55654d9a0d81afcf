import "odp-console/element";

// Whatever is no plain setting is a property.
async function start() {
  const { agents } = await (await fetch("config.json")).json();
  document.querySelectorAll("odp-console").forEach((element, n) => {
    element.agents = [agents[n]];
    element.addEventListener("odp-finished", ({ detail }) => {
      console.debug(`${detail.agent.address}: ${detail.ending.kind}`);
    });
  });
}

start();
