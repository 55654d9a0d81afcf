"use client";

import { useEffect, useRef, useState } from "react";
import { OdpConsole } from "odp-console/react";

export function Host() {
  const [agents, setAgents] = useState();
  const [dark, setDark] = useState(false);
  const [chinese, setChinese] = useState(false);
  const [ending, setEnding] = useState("");
  const field = useRef();
  useEffect(() => {
    fetch("config.json")
      .then((answer) => answer.json())
      .then((config) => setAgents(config.agents));
  }, []);
  return (
    <>
      <header className="host">
        <h1>A page of somebody else's</h1>
        <label htmlFor="host-password">Host's password</label>
        <input id="host-password" type="password" autoComplete="off" ref={field} />
        <button onClick={() => setDark(!dark)}>Theme</button>
        <button onClick={() => setChinese(!chinese)}>Locale</button>
        <output>{ending}</output>
      </header>
      <main>
        {agents && (
          <OdpConsole
            agents={agents}
            theme={dark ? "dark" : "light"}
            locale={chinese ? "zh-CN" : "en-US"}
            credentials={async () => ({ agentPassword: field.current.value })}
            onOdpFinished={({ detail }) => setEnding(detail.ending.kind)}
          />
        )}
      </main>
    </>
  );
}
