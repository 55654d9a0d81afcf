// One page for both micro frontends, which differ only in how they mount the console.

/** Starts the page with a function that mounts the console and returns its application. */
export async function start(showConsole) {
  const { agents } = await (await fetch("config.json")).json();
  const password = document.querySelector("#host-password");
  const [theme, locale, toggle] = document.querySelectorAll("button");
  const output = document.querySelector("output");

  const options = {
    agents,
    theme: "light",
    locale: "en-US",
    credentials: async () => ({ agentPassword: password.value }),
  };
  const show = () =>
    showConsole(document.querySelector("#place"), options, ({ detail }) => {
      output.textContent = detail.ending.kind;
    });
  let shown = show();

  function change(name, one, other) {
    options[name] = options[name] === one ? other : one;
    shown.update({ odpConsole: { [name]: options[name] } });
  }
  theme.addEventListener("click", () => change("theme", "light", "dark"));
  locale.addEventListener("click", () => change("locale", "en-US", "zh-CN"));
  toggle.addEventListener("click", async () => {
    if (shown) {
      const leaving = shown;
      shown = undefined;
      await leaving.unmount();
    } else {
      shown = show();
    }
    toggle.textContent = shown ? "Take away" : "Put back";
  });
}
