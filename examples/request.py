"""One video over HTTP from Python: python request.py BASE_URL KEY PICTURE PROMPT OUT.mp4."""

import base64
import sys
import time
from pathlib import Path

import httpx

base_url, key, picture, prompt, out = sys.argv[1:]
api = httpx.Client(base_url=base_url, headers={"Authorization": f"Bearer {key}"}, timeout=60)


def ask(answer: httpx.Response) -> dict:
    """The answer's body; errors come with HTTP 200, in `base_resp`."""
    body = answer.raise_for_status().json()
    if body["base_resp"]["status_code"] != 0:
        sys.exit(f"{body['base_resp']['status_code']}: {body['base_resp']['status_msg']}")
    return body


data_url = "data:image/jpeg;base64," + base64.b64encode(Path(picture).read_bytes()).decode()
subject = {"type": "character", "image": [data_url]}
request = {"model": "S2V-01", "prompt": prompt, "subject_reference": [subject]}
task_id = ask(api.post("/v1/video_generation", json=request))["task_id"]

while True:
    task = ask(api.get("/v1/query/video_generation", params={"task_id": task_id}))
    if task["status"] == "Success":
        break
    time.sleep(1)

file = ask(api.get("/v1/files/retrieve", params={"file_id": task["file_id"]}))["file"]
Path(out).write_bytes(httpx.get(file["download_url"], timeout=60).raise_for_status().content)
print(f"{out}: {file['bytes']} bytes, {task['video_width']}x{task['video_height']}")
