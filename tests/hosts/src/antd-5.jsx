// React 18 and antd 5: its tokens as CSS variables, its dark algorithm, its locales.

import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Button, Card, ConfigProvider, Layout, Space, Switch, theme, Typography } from "antd-5";
import enUS from "antd-5/es/locale/en_US";
import zhCN from "antd-5/es/locale/zh_CN";
import { config, Host, useHost } from "./host.jsx";

const antd = { Button, Card, Layout, Space, Typography };

function Page({ options }) {
  const host = useHost();
  const { darkAlgorithm, defaultAlgorithm } = theme;
  const switched = <Switch aria-label="Theme" checked={host.dark} onChange={host.setDark} />;
  return (
    <ConfigProvider
      locale={host.chinese ? zhCN : enUS}
      // The wave effect of buttons adds and removes elements.
      wave={{ disabled: true }}
      theme={{ cssVar: true, algorithm: host.dark ? darkAlgorithm : defaultAlgorithm }}
    >
      <Host antd={antd} host={host} theme={switched} options={options} />
    </ConfigProvider>
  );
}

const options = await config();
createRoot(document.getElementById("app")).render(
  <StrictMode>
    <Page options={options} />
  </StrictMode>,
);
