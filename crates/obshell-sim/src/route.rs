//! The routes, and the rule of access for each.

use crate::config::{Identity, Version};

/// The route of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Route {
    Time,
    Info,
    GitInfo,
    Status,
    Secret,
    HostInfo,
    SetPassword,
    Login,
    Logout,
    SsoToken,
    SsoExchange,
    AddOdp,
    DeleteOdp,
    StopOdp,
    StartOdp,
    UpgradeOdp,
    OdpPackage,
    Dag(String),
    Node(String),
    SubTask(String),
    SubTaskLogs(String),
    OperateDag(String),
    OperateNode(String),
    AgentDags,
    AgentUnfinished,
    Unfinished,
    AgentMaintenance,
    AgentsMaintenance,
    MainDags,
    ClusterMaintenance,
    ClusterUnfinished,
    ClusterDags,
}

/// The rule of access to a route (obshell: ob/agent/api/common/middleware.go, Verify).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    Open,
    General,
    Odp,
    Task,
    Login,
    SsoExchange,
}

impl Route {
    /// The route of a request, by its decoded path.
    pub(crate) fn find(method: &str, path: &str, version: Version) -> Option<Self> {
        let inner = path.strip_prefix("/api/v1/")?;
        let parts: Vec<&str> = inner.split('/').collect();
        // A path parameter has at least one character.
        if parts.iter().any(|part| part.is_empty()) {
            return None;
        }
        let route = match method {
            "GET" => Self::find_get(&parts),
            "POST" => Self::find_post(&parts),
            "DELETE" => (parts == ["obproxy"]).then_some(Self::DeleteOdp),
            _ => None,
        }?;
        route.exists_in(version).then_some(route)
    }

    fn find_get(parts: &[&str]) -> Option<Self> {
        Some(match parts {
            ["time"] => Self::Time,
            ["info"] => Self::Info,
            ["git-info"] => Self::GitInfo,
            ["status"] => Self::Status,
            ["secret"] => Self::Secret,
            ["agent", "host-info"] => Self::HostInfo,
            ["sso", "exchange"] => Self::SsoExchange,
            ["task", "dags", "agent"] => Self::AgentDags,
            ["task", "dags", "ob"] => Self::ClusterDags,
            ["task", "dag", "unfinish"] => Self::Unfinished,
            ["task", "dag", "agent", "unfinish"] => Self::AgentUnfinished,
            ["task", "dag", "agent", "main_dags"] => Self::MainDags,
            ["task", "dag", "ob", "unfinish"] => Self::ClusterUnfinished,
            ["task", "dag", "maintain", "agent"] => Self::AgentMaintenance,
            ["task", "dag", "maintain", "agents"] => Self::AgentsMaintenance,
            ["task", "dag", "maintain", "ob"] => Self::ClusterMaintenance,
            ["task", "dag", id] => Self::Dag((*id).to_owned()),
            ["task", "node", id] => Self::Node((*id).to_owned()),
            ["task", "sub_task", id] => Self::SubTask((*id).to_owned()),
            ["task", "sub_task", id, "logs"] => Self::SubTaskLogs((*id).to_owned()),
            _ => return None,
        })
    }

    fn find_post(parts: &[&str]) -> Option<Self> {
        Some(match parts {
            ["status"] => Self::Status,
            ["agent", "password"] => Self::SetPassword,
            ["login"] => Self::Login,
            ["logout"] => Self::Logout,
            ["sso", "token"] => Self::SsoToken,
            ["obproxy"] => Self::AddOdp,
            ["obproxy", "stop"] => Self::StopOdp,
            ["obproxy", "start"] => Self::StartOdp,
            ["obproxy", "upgrade"] => Self::UpgradeOdp,
            ["obproxy", "package"] => Self::OdpPackage,
            ["task", "dag", id] => Self::OperateDag((*id).to_owned()),
            ["task", "node", id] => Self::OperateNode((*id).to_owned()),
            _ => return None,
        })
    }

    fn exists_in(&self, version: Version) -> bool {
        match self {
            Self::AddOdp
            | Self::DeleteOdp
            | Self::StopOdp
            | Self::StartOdp
            | Self::UpgradeOdp
            | Self::OdpPackage
            | Self::SetPassword => version.has_odp_routes(),
            Self::AgentDags
            | Self::ClusterDags
            | Self::SubTaskLogs(_)
            | Self::MainDags
            | Self::HostInfo => version.has_web_page(),
            Self::OperateNode(_) => version.has_node_pass(),
            Self::Login | Self::Logout => version.has_sessions(),
            Self::SsoToken | Self::SsoExchange => version.has_1024_bit_key(),
            _ => true,
        }
    }

    pub(crate) fn class(&self) -> Class {
        match self {
            Self::Time | Self::Info | Self::GitInfo | Self::Status | Self::Secret => Class::Open,
            Self::HostInfo | Self::SetPassword | Self::Logout => Class::General,
            Self::Login | Self::SsoToken => Class::Login,
            Self::SsoExchange => Class::SsoExchange,
            Self::AddOdp
            | Self::DeleteOdp
            | Self::StopOdp
            | Self::StartOdp
            | Self::UpgradeOdp
            | Self::OdpPackage => Class::Odp,
            _ => Class::Task,
        }
    }

    /// The `:id` in the path.
    pub(crate) fn id(&self) -> Option<&str> {
        match self {
            Self::Dag(id)
            | Self::Node(id)
            | Self::SubTask(id)
            | Self::SubTaskLogs(id)
            | Self::OperateDag(id)
            | Self::OperateNode(id) => Some(id),
            _ => None,
        }
    }

    /// The value of `data` beside an error: some handlers return a typed nil, one a null list.
    pub(crate) fn data_beside_error(&self, identity: Identity) -> Option<&'static str> {
        match self {
            Self::OdpPackage => None,
            Self::ClusterUnfinished if identity == Identity::ClusterAgent => {
                Some(r#"{"contents":null}"#)
            }
            _ => (self.class() == Class::Odp).then_some("null"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_method_belongs_to_the_route() {
        let find = |method, path| Route::find(method, path, Version::CURRENT);
        assert_eq!(find("DELETE", "/api/v1/obproxy"), Some(Route::DeleteOdp));
        assert_eq!(find("GET", "/api/v1/obproxy"), None);
        assert_eq!(
            find("GET", "/api/v1/task/dag/unfinish"),
            Some(Route::Unfinished)
        );
        assert_eq!(
            find("GET", "/api/v1/task/dag/4"),
            Some(Route::Dag("4".to_owned()))
        );
        assert_eq!(find("GET", "/api/v1/task/dag/"), None);
    }

    #[test]
    fn routes_came_with_versions() {
        let find = |version, method, path| Route::find(method, path, version);
        assert_eq!(
            find(Version::new(4, 2, 5, 0), "DELETE", "/api/v1/obproxy"),
            None
        );
        assert_eq!(
            find(Version::new(4, 2, 6, 0), "DELETE", "/api/v1/obproxy"),
            Some(Route::DeleteOdp)
        );
        assert_eq!(
            find(Version::new(4, 3, 3, 0), "POST", "/api/v1/login"),
            None
        );
        let node = |version| find(version, "POST", "/api/v1/task/node/4").is_some();
        assert!(!node(Version::new(4, 3, 0, 0)));
        assert!(node(Version::new(4, 3, 1, 0)));
        for path in ["/api/v1/task/dags/agent", "/api/v1/agent/host-info"] {
            assert_eq!(find(Version::new(4, 2, 6, 0), "GET", path), None, "{path}");
            assert!(
                find(Version::new(4, 3, 0, 0), "GET", path).is_some(),
                "{path}"
            );
        }
    }
}
