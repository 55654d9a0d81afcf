// The common part of the pages with antd: their state, and the options of the console.

import { useEffect, useState } from "react";
import { OdpConsole } from "odp-console/react";

const system = matchMedia("(prefers-color-scheme: dark)");
const taskInHash = () => location.hash.match(/^#\/task\/(\w+)/)?.[1];

/** Reacts to changes from outside: the system's theme, and a followed link. */
function useOutside(setDark, setTask) {
  useEffect(() => {
    const theme = () => setDark(system.matches);
    const hash = () => setTask(taskInHash());
    system.addEventListener("change", theme);
    addEventListener("hashchange", hash);
    return () => {
      system.removeEventListener("change", theme);
      removeEventListener("hashchange", hash);
    };
  }, []);
}

export function useHost() {
  const [shown, setShown] = useState(true);
  const [dark, setDark] = useState(system.matches);
  const [chinese, setChinese] = useState(false);
  const [task, setTask] = useState(taskInHash);
  const [ending, setEnding] = useState("");
  useOutside(setDark, setTask);
  return {
    shown,
    dark,
    chinese,
    ending,
    toggle: () => setShown(!shown),
    setDark,
    toggleLocale: () => setChinese(!chinese),
    props: {
      task,
      theme: dark ? "dark" : "light",
      locale: chinese ? "zh-CN" : "en-US",
      onOdpFinished: ({ detail }) => setEnding(detail.ending.kind),
    },
  };
}

/** The page, drawn with the components of one version of antd; `theme` is the theme switch. */
export function Host({ antd: { Button, Card, Layout, Space, Typography }, host, theme, options }) {
  return (
    <Layout>
      <header className="host">
        <Space wrap>
          <Typography.Title>A page of somebody else's</Typography.Title>
          {theme}
          <Button onClick={host.toggleLocale}>Locale</Button>
          <Button onClick={host.toggle}>{host.shown ? "Take away" : "Put back"}</Button>
          <output>{host.ending}</output>
        </Space>
      </header>
      <Layout.Content>
        {host.shown && (
          <Card>
            <OdpConsole {...options} {...host.props} />
          </Card>
        )}
      </Layout.Content>
    </Layout>
  );
}

/** Reads the site's list of agents. */
export const config = async () => (await fetch("config.json")).json();
