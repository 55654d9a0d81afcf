// React 18 and antd 5: its tokens as CSS variables, its dark algorithm, its locales.

import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Button, Card, ConfigProvider, Layout, Space, Switch, theme, Typography } from "antd-5";
import enUS from "antd-5/es/locale/en_US";
import zhCN from "antd-5/es/locale/zh_CN";
import { OdpConsole } from "odp-console/react";
import { config, useHost } from "./host.jsx";

function Page({ options }) {
  const host = useHost();
  return (
    <ConfigProvider
      locale={host.chinese ? zhCN : enUS}
      // Its buttons' waves come and go with elements of their own.
      wave={{ disabled: true }}
      theme={{ cssVar: true, algorithm: host.dark ? theme.darkAlgorithm : theme.defaultAlgorithm }}
    >
      <Layout>
        <header className="host">
          <Space wrap>
            <Typography.Title level={1}>A page of somebody else's</Typography.Title>
            <Switch aria-label="Theme" checked={host.dark} onChange={host.setDark} />
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
    </ConfigProvider>
  );
}

const options = await config();
createRoot(document.getElementById("app")).render(
  <StrictMode>
    <Page options={options} />
  </StrictMode>,
);
