"""Every answer of the contract, built from domain values and read back by the client."""

from __future__ import annotations

from pydantic import BaseModel, Field

from muybridge.domain.model_card import ModelCard
from muybridge.domain.stored_file import StoredFile
from muybridge.domain.task import Task, TaskState
from muybridge.wire.codes import SUCCESS, BaseResp

_ID = "106916112212032"


class Answer(BaseModel):
    """What every answer carries, errors too."""

    base_resp: BaseResp = Field(default_factory=BaseResp)


class CreateAnswer(Answer):
    """A task was accepted."""

    task_id: str = Field(examples=[_ID])


class QueryAnswer(Answer):
    """How a task stands; `file_id` is empty and the sizes are 0 until it succeeded."""

    task_id: str = Field(examples=[_ID])
    status: str = Field(examples=["Success"], description="Preparing, Queueing, Processing, Success or Fail")
    file_id: str = Field(examples=["361721749176519"])
    video_width: int = Field(examples=[1280])
    video_height: int = Field(examples=[720])

    @classmethod
    def of(cls, task: Task) -> QueryAnswer:
        """The answer for a task; a failed one never says 0."""
        done = task.state is TaskState.SUCCESS
        code, message = task.status_code, task.status_msg
        if task.state is not TaskState.FAIL:
            code, message = SUCCESS, "success"
        elif code == SUCCESS:
            code, message = 1000, "unknown error"
        return cls(
            task_id=task.task_id,
            status=task.state.value,
            file_id=task.file_id if done else "",
            video_width=task.width if done else 0,
            video_height=task.height if done else 0,
            base_resp=BaseResp(status_code=code, status_msg=message),
        )


class ProgressAnswer(QueryAnswer):
    """How a task stands and how far its take has come; not in the hosted service's contract."""

    stage: str = Field(default="", examples=["drawing"], description="empty while no take is running")
    fraction: float = Field(default=0.0, examples=[0.42], description="0 to 1")
    seconds_left: float | None = Field(default=None, examples=[3.5], description="null while unknown")

    @classmethod
    def seen(cls, task: Task, stage: str, fraction: float, seconds_left: float | None) -> ProgressAnswer:
        """The answer for a task that is watched."""
        left = None if seconds_left is None else round(seconds_left, 1)
        plain = QueryAnswer.of(task).model_dump()
        return cls(**plain, stage=stage, fraction=round(fraction, 3), seconds_left=left)


class CancelAnswer(Answer):
    """How a task stands after it was called off: Fail, or Success where it had succeeded before."""

    task_id: str = Field(examples=[_ID])
    status: str = Field(examples=["Fail"])


class FileObject(BaseModel):
    """One file; `download_url` is absolute, needs no header, and is fresh with every retrieve."""

    file_id: int = Field(examples=[361721749176519])
    bytes: int = Field(examples=[1048576])
    created_at: int = Field(examples=[1763800000], description="Unix seconds")
    filename: str = Field(examples=["output.mp4"])
    purpose: str = Field(examples=["video_generation"])
    download_url: str = Field(default="", description="empty in lists and after an upload")

    @classmethod
    def of(cls, file: StoredFile, download_url: str = "") -> FileObject:
        """The object for a stored file."""
        return cls(
            file_id=int(file.file_id),
            bytes=file.bytes,
            created_at=int(file.created_at),
            filename=file.filename,
            purpose=file.purpose,
            download_url=download_url,
        )


class FileAnswer(Answer):
    """One file, retrieved or uploaded."""

    file: FileObject


class FileListAnswer(Answer):
    """The key's files, the newest first."""

    files: list[FileObject]


class DeleteAnswer(Answer):
    """A file was deleted."""

    file_id: int = Field(examples=[361721749176519])


class ModelObject(BaseModel):
    """One served model and what it takes."""

    id: str = Field(examples=["S2V-01"])
    object: str = "model"
    owned_by: str = Field(examples=["puppet"], description="the engine behind it")
    summary: str
    takes: list[str] = Field(examples=[["subject_reference"]])

    @classmethod
    def of(cls, name: str, card: ModelCard) -> ModelObject:
        """The object for an engine's card under a wire name."""
        return cls(id=name, owned_by=card.engine, summary=card.summary, takes=list(card.takes))


class ModelListAnswer(Answer):
    """Every model that an engine is mapped to."""

    object: str = "list"
    data: list[ModelObject]
