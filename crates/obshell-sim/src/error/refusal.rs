//! The texts of refused operators.

use super::{ApiError, Wording};
use crate::engine::Refused;

pub(super) fn not_supported(err_code: &'static str, operator: &str) -> Wording {
    Wording::new(
        400,
        err_code,
        format!("Operator {operator} is not supported"),
        format!("不支持的任务操作 '{operator}'"),
    )
}

pub(super) fn refused_wording(refused: Refused, agent: &str) -> Wording {
    let dag = |err_code, en: &str, zh: &str| Wording::new(400, err_code, en, zh);
    match refused {
        Refused::NotFound => ApiError::TaskRecordNotFound.wording(true),
        Refused::UnderMaintenance => Wording::new(
            500,
            "Agent.UnderMaintenance",
            format!("{agent} is under maintenance"),
            format!("{agent} 处于运维状态中"),
        ),
        Refused::RetryNotFailedDag => dag(
            "Task.Dag.Operator.RetryNotFailedDag",
            "Failed to set DAG retry: DAG state is not failed",
            "重试 DAG 失败：DAG 未失败",
        ),
        Refused::RollbackNotFailedDag => dag(
            "Task.Dag.Operator.RollbackNotFailedDag",
            "Failed to set DAG rollback: DAG state is not failed",
            "设置 DAG 回滚失败：DAG 未失败",
        ),
        Refused::RollbackNotAllowed(node) => dag(
            "Task.Dag.Operator.RollbackNotAllowed",
            &format!("Failed to set DAG rollback: node {node} cannot rollback"),
            &format!("设置 DAG 回滚失败：节点 {node} 不能回滚"),
        ),
        // Only an agent before 4.3.1.0 has such nodes, and its text is different.
        Refused::CancelNotAllowed(node) => dag(
            "Task.Dag.Operator.CancelNotAllowed",
            &format!("Failed to cancel DAG: {node} cannot cancel"),
            &format!("取消 DAG 失败：{node} 不能取消"),
        ),
        Refused::PassNotAllowed(node) => dag(
            "Task.Dag.Operator.PassNotAllowed",
            &format!("Failed to pass DAG: {node} cannot pass"),
            &format!("跳过 DAG 失败：{node} 不能跳过"),
        ),
        Refused::CancelFinishedDag => dag(
            "Task.Dag.Operator.CancelFinishedDag",
            "Failed to cancel DAG: DAG is finished",
            "取消 DAG 失败：DAG 已执行完成",
        ),
        Refused::PassNotFailedDag => dag(
            "Task.Dag.Operator.PassNotFailedDag",
            "Failed to pass DAG: DAG is not failed",
            "跳过 DAG 失败：DAG 未失败",
        ),
        Refused::NodePassNotFailedDag => dag(
            "Task.Node.Operator.PassNotFailedDag",
            "Failed to pass node: assigned DAG is not failed",
            "跳过节点失败：指定的 DAG 未失败",
        ),
        Refused::NodePassNotFailedNode(node) => dag(
            "Task.Node.Operator.PassNotFailedNode",
            &format!("Failed to pass node: node {node} is not failed"),
            &format!("跳过节点失败：节点 {node} 未失败"),
        ),
    }
}
