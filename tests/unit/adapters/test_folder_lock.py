import os
import subprocess
import sys

import pytest

from muybridge.adapters.folder_lock import FolderLock
from muybridge.errors import Unavailable


def free(folder):
    lock = FolderLock(folder)
    lock.take()
    lock.drop()


def test_a_second_server_on_one_folder_is_told_who_has_it_and_what_to_do(tmp_path):
    first = FolderLock(tmp_path)
    first.take()
    with pytest.raises(Unavailable, match=rf"{tmp_path}.*process {os.getpid()}.*MUYBRIDGE_DATA"):
        FolderLock(tmp_path).take()
    first.drop()
    free(tmp_path)


def test_a_killed_holder_leaves_no_lock_behind(tmp_path):
    hold = f"""
import sys, time, pathlib
from muybridge.adapters.folder_lock import FolderLock
lock = FolderLock(pathlib.Path({str(tmp_path)!r})); lock.take()
print("held", flush=True); time.sleep(600)
"""
    with subprocess.Popen([sys.executable, "-c", hold], stdout=subprocess.PIPE) as holder:
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(Unavailable, match=f"process {holder.pid}"):
            FolderLock(tmp_path).take()
        holder.kill()
    free(tmp_path)
