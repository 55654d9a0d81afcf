// React 17 and antd 4: its colours as CSS variables, its dark style sheet, its locales.

import { StrictMode, useEffect } from "react";
import { render } from "react-dom";
import { Button, Card, ConfigProvider, Layout, Space, Typography } from "antd-4";
import enUS from "antd-4/es/locale/en_US";
import zhCN from "antd-4/es/locale/zh_CN";
import { config, Host, useHost } from "./host.jsx";

const antd = { Button, Card, Layout, Space, Typography };
ConfigProvider.config({ theme: { primaryColor: "#722ed1" } });

function Page({ options }) {
  const host = useHost();
  useEffect(() => {
    document.getElementById("dark").disabled = !host.dark;
  }, [host.dark]);
  const theme = <Button onClick={() => host.setDark(!host.dark)}>Theme</Button>;
  return (
    <ConfigProvider locale={host.chinese ? zhCN : enUS}>
      <Host antd={antd} host={host} theme={theme} options={options} />
    </ConfigProvider>
  );
}

const options = await config();
render(
  <StrictMode>
    <Page options={options} />
  </StrictMode>,
  document.getElementById("app"),
);
