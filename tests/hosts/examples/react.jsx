import { useState } from "react";
import { OdpConsole } from "odp-console/react";

export function Destroy({ agents, askForPassword }) {
  const [theme, setTheme] = useState("light");
  const [locale, setLocale] = useState("en-US");
  const [ending, setEnding] = useState("");
  return (
    <>
      <button onClick={() => setTheme(theme === "light" ? "dark" : "light")}>Theme</button>
      <button onClick={() => setLocale(locale === "en-US" ? "zh-CN" : "en-US")}>Locale</button>
      <OdpConsole
        agents={agents}
        theme={theme}
        locale={locale}
        credentials={async ({ agent }) => ({ agentPassword: await askForPassword(agent) })}
        onOdpFinished={({ detail }) => setEnding(detail.ending.kind)}
        onOdpError={({ detail }) => console.debug(detail.what, detail.fix ?? "")}
      />
      <output>{ending}</output>
    </>
  );
}
