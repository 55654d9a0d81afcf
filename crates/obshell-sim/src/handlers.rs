//! The handlers of admitted requests.

mod about;
mod odp;
mod session;
mod task;
mod task_view;

use crate::call::{Call, Done, Failure};
use crate::route::Route;
use crate::state::State;

/// Handles a request.
pub(crate) fn handle(state: &mut State, route: &Route, call: &Call<'_>) -> Result<Done, Failure> {
    match route {
        Route::Time => Ok(Done::Data(state.timestamp().into())),
        Route::Info => Ok(Done::Data(about::info(state))),
        Route::GitInfo => Ok(Done::Data(about::git_info())),
        Route::Status => Ok(Done::Data(about::status(state))),
        Route::Secret => Ok(Done::Data(about::secret(state))),
        Route::HostInfo => Ok(Done::Data(about::host_info())),
        Route::SetPassword => session::set_password(state, call),
        Route::Login => session::login(state, call),
        Route::Logout => session::logout(state, call),
        Route::SsoToken => session::sso_token(state, call),
        Route::SsoExchange => session::sso_exchange(state, call),
        Route::AddOdp => odp::add(state, call),
        Route::DeleteOdp => odp::delete(state),
        Route::StopOdp => odp::stop(state),
        Route::StartOdp => odp::start(state),
        Route::UpgradeOdp => odp::upgrade(state, call),
        Route::OdpPackage => odp::package(call),
        Route::Dag(id) => task::dag(state, id, call),
        Route::Node(id) => task::node(state, id, call),
        Route::SubTask(id) => task::sub_task(state, id),
        Route::SubTaskLogs(id) => task::sub_task_logs(state, id),
        Route::OperateDag(id) => task::operate_dag(state, id, call),
        Route::OperateNode(id) => task::operate_node(state, id, call),
        Route::AgentDags => task::agent_dags(state, call),
        Route::AgentUnfinished => task::agent_unfinished(state, call),
        Route::Unfinished => task::unfinished(state, call),
        Route::AgentMaintenance => task::agent_maintenance(state, call),
        Route::AgentsMaintenance => task::agents_maintenance(state, call),
        Route::MainDags => task::main_dags(state, call),
        Route::ClusterMaintenance => task::cluster_maintenance(state),
        Route::ClusterUnfinished => task::cluster_unfinished(state, call),
        Route::ClusterDags => task::cluster_dags(state),
    }
}
