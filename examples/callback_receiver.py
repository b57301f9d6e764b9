"""A callback receiver, as small as one can be: uvicorn callback_receiver:app --port 8000

It answers the challenge that a server sends before it takes a task, and prints every change of
state after that. Run as a program it takes --port, and prints one line of JSON for each change.
"""

import argparse
import json

import uvicorn
from fastapi import FastAPI, Request

app = FastAPI()


@app.post("/callback")
async def callback(request: Request) -> dict[str, str]:
    """Echo a challenge; thank for anything else."""
    body = await request.json()
    if "challenge" in body:
        return {"challenge": body["challenge"]}
    print(json.dumps(body), flush=True)
    return {"status": "success"}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8000)
    uvicorn.run(app, host="127.0.0.1", port=parser.parse_args().port, log_level="warning")
