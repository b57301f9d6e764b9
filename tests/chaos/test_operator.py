"""`muybridge tasks` beside a server that runs on the same folder."""

import subprocess
import sys
import time


def tasks(server, *words):
    command = [sys.executable, "-c", "from muybridge.cli.main import main; main()", "tasks", *words]
    done = subprocess.run(
        command, env=server.environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_an_operator_stops_a_running_render_and_has_it_made_again(server, receiver):
    task_id = server.create("steady 60", callback_url=receiver.url)
    server.until(task_id, "Processing")
    assert task_id in tasks(server, "list", "--state", "Processing")
    assert tasks(server, "cancel", task_id) == f"Task {task_id} is cancelled.\n"
    following = server.create("steady 0.1")  # the slot is free long before the minute is over
    assert server.until(following, "Success", "Fail", within=20)["status"] == "Success"
    deadline = time.monotonic() + 15
    while receiver.told(task_id)[-1:] != ["failed"]:
        assert time.monotonic() < deadline, receiver.told(task_id)
        time.sleep(0.05)
    shown = tasks(server, "show", task_id)
    assert "Fail: cancelled by the operator" in shown
    assert "says      1000: cancelled" in shown
    said = tasks(server, "retry", task_id)
    assert "It is under way." in said
    again = said.splitlines()[-1]
    assert server.until(again, "Processing")["status"] == "Processing"
    tasks(server, "cancel", again)
    assert server.query(again)["base_resp"]["status_msg"] == "cancelled"
