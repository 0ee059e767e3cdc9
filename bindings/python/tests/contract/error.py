"""An error of the library as a story sees it: the variant's name, and its fields."""

from __future__ import annotations

from typing import Any

from skolebro import SkolebroError

from .shown import snake


def name(error: SkolebroError) -> str:
    return type(error).__name__


def fields(error: SkolebroError) -> dict[str, Any]:
    match error:
        case SkolebroError.NotSignedIn(standing=standing):
            return {"standing": standing and snake(standing)}
        case SkolebroError.Unsent(waiting=waiting):
            return {"waiting": waiting}
        case SkolebroError.OutboxDamaged(kept_at=kept_at):
            return {"kept_at": kept_at}
        case SkolebroError.OutboxTooNew(form=form):
            return {"form": form}
        case SkolebroError.Refused(code=code, retry_after=pause):
            return {"code": snake(code), "retry_after": None if pause is None else int(pause.total_seconds())}
        case (
            SkolebroError.BadSettings(detail=detail)
            | SkolebroError.SecretStore(detail=detail)
            | SkolebroError.Storage(detail=detail)
            | SkolebroError.Internal(detail=detail)
        ):
            return {"detail": detail}
    return {}
