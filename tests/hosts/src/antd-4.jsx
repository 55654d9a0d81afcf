// React 17 and antd 4: its colours as CSS variables, its dark style sheet, its locales.

import { StrictMode, useEffect } from "react";
import { render } from "react-dom";
import { Button, Card, ConfigProvider, Layout, Space, Typography } from "antd-4";
import enUS from "antd-4/es/locale/en_US";
import zhCN from "antd-4/es/locale/zh_CN";
import { OdpConsole } from "odp-console/react";
import { config, useHost } from "./host.jsx";

ConfigProvider.config({ theme: { primaryColor: "#722ed1" } });

function Page({ options }) {
  const host = useHost();
  useEffect(() => {
    document.getElementById("dark").disabled = !host.dark;
  }, [host.dark]);
  return (
    <ConfigProvider locale={host.chinese ? zhCN : enUS}>
      <Layout>
        <header className="host">
          <Space wrap>
            <Typography.Title>A page of somebody else's</Typography.Title>
            <Button onClick={() => host.setDark(!host.dark)}>Theme</Button>
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
render(
  <StrictMode>
    <Page options={options} />
  </StrictMode>,
  document.getElementById("app"),
);
