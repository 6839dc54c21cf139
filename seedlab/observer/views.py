"""Private views of folders on Linux: what a process changes there, nobody else sees.

A view is an overlay (Documentation/filesystems/overlayfs.rst) in a mount namespace of the process's own. Who is not the
superuser needs a user namespace for that, in which the process keeps its numbers of user and group.
"""

import ctypes
import errno
import os
import sys

CLONE_NEWNS, CLONE_NEWUSER = 0x00020000, 0x10000000  # include/uapi/linux/sched.h
MS_REC, MS_PRIVATE = 0x4000, 0x40000  # include/uapi/linux/mount.h


class ViewError(Exception):
    """The system gives no private view; the argument is the error's number."""


def enter(views):
    """Give this process, which has one thread, each of ``views``: {"folder": …, "upper": …, "replaced": […]}.

    ``upper`` is an empty folder, for what is changed where it can lie on the disk. ``replaced`` has pairs of files: the
    first gets the contents of the second. Return a descriptor of each folder as this process sees it, with which it can
    be read when the process has ended. Raise `ViewError`, or OSError.
    """
    if not sys.platform.startswith("linux"):
        raise ViewError(errno.ENOSYS)
    libc = ctypes.CDLL(None, use_errno=True)
    user, group = os.getuid(), os.getgid()
    call(libc.unshare, CLONE_NEWNS | (CLONE_NEWUSER if os.geteuid() else 0))
    if user:
        for name, text in (("setgroups", "deny"), ("uid_map", "%d %d 1" % (user, user)),
                           ("gid_map", "%d %d 1" % (group, group))):  # fmt: skip
            try:
                with open("/proc/self/" + name, "w") as file:
                    file.write(text)
            except OSError as error:
                raise ViewError(error.errno)
    # Nothing of what is mounted here reaches other processes.
    call(libc.mount, b"none", b"/", None, ctypes.c_ulong(MS_REC | MS_PRIVATE), None)
    for view in views:
        try:
            lay_over(libc, view)
        except ViewError:
            # Some file systems cannot hold what is changed: another overlay, or one on the network.
            call(libc.mount, b"tmpfs", os.fsencode(view["upper"]), b"tmpfs", ctypes.c_ulong(0), b"mode=0700")
            lay_over(libc, view)
    for view in views:
        for path, source in view.get("replaced", ()):
            replace(path, source)
    return [os.open(view["folder"], os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC) for view in views]


def replace(path, source):
    """Give the file ``path`` the contents of the file ``source``, and make it where it is missing."""
    with open(source, "rb") as file:
        data = file.read()
    temporary = "%s.new-%d" % (path, os.getpid())
    with open(temporary, "xb") as file:
        file.write(data)
    try:
        status = os.stat(path)
    except OSError:
        pass
    else:
        os.chmod(temporary, status.st_mode & 0o7777)
        # Compiled code beside it belongs to a file of another second (Lib/importlib/_bootstrap_external.py).
        changed = max(os.stat(temporary).st_mtime, status.st_mtime + 2)
        os.utime(temporary, (changed, changed))
    os.rename(temporary, path)


def lay_over(libc, view):
    folder = os.fsencode(view["folder"])
    upper, work = os.path.join(view["upper"], "changed"), os.path.join(view["upper"], "work")
    for path in (upper, work):
        os.makedirs(path, 0o700, exist_ok=True)
    status = os.stat(folder)
    os.chmod(upper, status.st_mode & 0o7777)
    options = b"lowerdir=%s,upperdir=%s,workdir=%s" % (
        escaped(folder), escaped(os.fsencode(upper)), escaped(os.fsencode(work)),
    )  # fmt: skip
    if os.getuid():
        options += b",userxattr"
    call(libc.mount, b"overlay", folder, b"overlay", ctypes.c_ulong(0), options)


def escaped(path):
    """Return ``path`` as an option of a mount takes it."""
    for mark in (b"\\", b",", b":"):
        path = path.replace(mark, b"\\" + mark)
    return path


def call(function, *arguments):
    if function(*arguments) != 0:
        raise ViewError(ctypes.get_errno())
