"""The Skolebro phone, for scripts, school IT and tests.

    with skolebro.open("/home/amal/skolebro", "https://skole.example.se") as phone:
        phone.enrol("ABCD-EFGH-JKLM", "Amals dator")
        phone.sync_once(timedelta(seconds=20))

Commands, screens, values and errors are the library's own types, generated from it; here are only the ways in which Python
has a better idiom. Nothing here is a rule of the school's.
"""

from ._generated import skolebro_core as _core
from ._generated import skolebro_ffi as _ffi
from ._generated.skolebro_core import *
from ._generated.skolebro_core import (
    ClockTime,
    CommandId,
    CountByCause,
    CountByValidity,
    Day,
    DeviceId,
    GroupId,
    Moment,
    PersonId,
    RecordId,
    RecordKinds,
    SchoolId,
    Scopes,
)
from ._generated.skolebro_ffi import *
from .listening import Listening, Stream
from .mending import mend as _mend
from .paging import pages
from .phone import Phone, open
from .secrets import FileSecrets, MemorySecrets

_mend(_core, _ffi.SkolebroError.Internal)
_mend(_ffi, _ffi.SkolebroError.Internal)

__all__ = [
    "ClockTime",
    "CommandId",
    "CountByCause",
    "CountByValidity",
    "Day",
    "DeviceId",
    "FileSecrets",
    "GroupId",
    "Listening",
    "MemorySecrets",
    "Moment",
    "PersonId",
    "Phone",
    "RecordId",
    "RecordKinds",
    "SchoolId",
    "Scopes",
    "Stream",
    "open",
    "pages",
]
__all__ += [name for name in (*_core.__all__, *_ffi.__all__) if name != "InternalError"]
