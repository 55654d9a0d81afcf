"""Deletes the ODP of an agent with the official SDK and prints what the SDK reported, as one JSON object.

Usage: delete_obproxy.py HOST PORT AGENT_PASSWORD
"""

import json
import sys

from obshell import ClientV1, OBShellHandleError, TaskExecuteFailedError
from obshell.auth.password import PasswordAuth


def destroy(host, port, password):
    client = ClientV1(host, port, PasswordAuth(agent_password=password))
    try:
        dag = client.delete_obproxy_sync()
    except TaskExecuteFailedError as error:
        return {"outcome": "task failed", "message": str(error), "dag": error.dag.generic_id}
    except OBShellHandleError as error:
        return {"outcome": "refused", "code": error.code, "errCode": error.err_code, "message": error.message}
    if dag is None:
        return {"outcome": "nothing to delete"}
    return {
        "outcome": "succeeded",
        "dag": dag.generic_id,
        "name": dag.name,
        "state": dag.state,
        "stage": [dag.stage, dag.max_stage],
        "nodes": [[node.name, node.state] for node in dag.nodes],
        "logs": [line for node in dag.nodes for task in node.sub_tasks for line in task.task_logs],
    }


print(json.dumps(destroy(sys.argv[1], int(sys.argv[2]), sys.argv[3])))
