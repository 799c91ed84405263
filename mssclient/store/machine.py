"""The administrator's settings file of this workstation: where it stands, and whether an administrator wrote it."""

from __future__ import annotations

import ctypes
import os
import stat
import sys
from pathlib import Path

from mssclient.domain.errors import Distrust, Untrusted

NAME = "machine.toml"
_SIZE_CAP = 64 * 1024
_WRITABLE_BY_OTHERS = 0o022


def machine_file() -> Path:
    """Its place on this system. No variable of the person's session leads elsewhere."""
    if sys.platform == "win32":
        return _program_data() / "mssclient" / NAME
    if sys.platform == "darwin":
        return Path("/Library/Application Support/mssclient") / NAME
    return Path("/etc/mssclient") / NAME


def machine_text(path: Path, owner: int = 0) -> bytes:
    """The file's bytes. `owner` is the account that must own it and its folder (POSIX); on Windows the owner must be
    the Administrators group or the system.

    Raises Untrusted(ENVIRONMENT) when somebody else may have written it, or it is no plain file of reasonable size;
    OSError when it cannot be read, FileNotFoundError when there is none.
    """
    # A FIFO in its place must not hold the program.
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    with os.fdopen(descriptor, "rb") as file:
        found = os.fstat(file.fileno())
        if not stat.S_ISREG(found.st_mode) or not _is_theirs(path, found, owner):
            raise Untrusted(Distrust.ENVIRONMENT, path.name)
        content = file.read(_SIZE_CAP + 1)
    if len(content) > _SIZE_CAP:
        raise Untrusted(Distrust.ENVIRONMENT, path.name)
    return content


def _is_theirs(path: Path, found: os.stat_result, owner: int) -> bool:
    if sys.platform == "win32":
        return _is_administrators(path)
    return all(
        each.st_uid == owner and not each.st_mode & _WRITABLE_BY_OTHERS
        for each in (found, path.resolve().parent.stat())
    )


if sys.platform == "win32":
    _COMMON_APPDATA = 0x23  # CSIDL of shlobj.h
    _FILE_OBJECT, _OWNER = 1, 1  # SE_FILE_OBJECT of accctrl.h, OWNER_SECURITY_INFORMATION of winnt.h
    _SYSTEM, _ADMINISTRATORS = 22, 26  # WELL_KNOWN_SID_TYPE of winnt.h

    def _program_data() -> Path:
        # Asked of the shell: the variable ProgramData is the person's to change.
        buffer = ctypes.create_unicode_buffer(260)
        if ctypes.windll.shell32.SHGetFolderPathW(None, _COMMON_APPDATA, None, 0, buffer) != 0:
            return Path("C:/ProgramData")
        return Path(buffer.value)

    def _is_administrators(path: Path) -> bool:
        """Everybody may make folders in ProgramData: the owner says who did."""
        owner, descriptor = ctypes.c_void_p(), ctypes.c_void_p()
        security = ctypes.windll.advapi32
        failed = security.GetNamedSecurityInfoW(
            str(path), _FILE_OBJECT, _OWNER, ctypes.byref(owner), None, None, None, ctypes.byref(descriptor)
        )
        if failed:
            return False
        try:
            return any(security.IsWellKnownSid(owner, kind) for kind in (_SYSTEM, _ADMINISTRATORS))
        finally:
            ctypes.windll.kernel32.LocalFree(descriptor)
